import { isLoopback } from '../config.ts';
import { requestProblem, sendProblem } from './problems.ts';
/** The names a server answers to: its public one, and on a loopback address the loopback names. */
export function knownAs(options) {
    const { host, port } = options.listen;
    const loopback = ['localhost', '127.0.0.1', '[::1]'];
    const names = isLoopback(host) ? [...loopback, bracketed(host)] : [bracketed(host), ...loopback];
    const local = [...new Set(names)].map((name) => `${name}:${port}`);
    const url = options.publicUrl === null ? null : new URL(options.publicUrl);
    return {
        hosts: [...local, ...(url === null ? [] : hostTexts(url))],
        origins: [...local.map((each) => `http://${each}`), ...(url === null ? [] : [url.origin])],
    };
}
function hostTexts(url) {
    const port = url.protocol === 'https:' ? '443' : '80';
    return url.port === '' ? [url.host, `${url.host}:${port}`] : [url.host];
}
function bracketed(host) {
    return host.includes(':') ? `[${host}]` : host.toLowerCase();
}
const PROBES = ['/healthz', '/readyz', '/metrics'];
const READS = ['GET', 'HEAD', 'OPTIONS'];
export function registerGuard(app, names) {
    app.addHook('onRequest', async (request, reply) => {
        const known = names();
        if (!PROBES.includes(request.url) && !known.hosts.includes(hostOf(request)))
            return sendProblem(reply, 421, requestProblem(421, 'Asked under another name', 'The Host of this request is not a name of this server.'));
        if (!READS.includes(request.method) && isForeign(request, known))
            return sendProblem(reply, 403, requestProblem(403, 'Asked by another site', 'A page of another origin may not write here.'));
        return undefined;
    });
}
function hostOf(request) {
    return (request.headers.host ?? '').toLowerCase();
}
/** A browser names the page's origin on every write; the CLI sends neither header. */
function isForeign(request, known) {
    const { origin } = request.headers;
    if (origin !== undefined)
        return !known.origins.includes(origin);
    const site = request.headers['sec-fetch-site'];
    return site !== undefined && site !== 'same-origin' && site !== 'none';
}
