export const CONTENT_SECURITY_POLICY = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
].join('; ');
export const SECURITY_HEADERS = {
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
};
const YEAR_SECONDS = 365 * 24 * 60 * 60;
export function registerHeaders(app, options) {
    app.addHook('onRequest', async (request, reply) => {
        reply.headers(SECURITY_HEADERS);
        if (options.https)
            reply.header('strict-transport-security', `max-age=${YEAR_SECONDS}`);
        // What is answered depends on who asks; files of the page set their own.
        if (request.url.startsWith('/api/'))
            reply.header('cache-control', 'no-store');
    });
}
