/**
 * Who asks. A token is known by the SHA-256 of its secret; development people name themselves, in
 * development mode only. Nobody is taken for somebody by default, and a cookie or a header that
 * names no one is refused, never ignored.
 */
import { nodePrimitives } from '@holdpoint/api/node';
import { digestText, } from '@holdpoint/core';
import { refused } from './handler.ts';
export const SESSION_COOKIE = 'holdpoint_session';
export const AS_HEADER = 'holdpoint-as';
const TOKEN = /^Bearer (hpt_[A-Za-z0-9_-]{43})$/;
export function createAuthenticate(sources) {
    return async (request) => {
        const { authorization } = request.headers;
        if (authorization !== undefined)
            return byToken(authorization, sources);
        const named = request.headers[AS_HEADER];
        if (named !== undefined)
            return byName(Array.isArray(named) ? '' : named, sources);
        const cookie = request.cookies[SESSION_COOKIE];
        if (cookie !== undefined && cookie !== '')
            return bySession(cookie, sources);
        return refused({ code: 'not_signed_in' });
    };
}
async function byToken(header, sources) {
    const secret = TOKEN.exec(header)?.[1];
    if (secret === undefined)
        return refused({ code: 'not_signed_in' });
    // The digest is looked up, so timing says nothing about the secret's characters.
    const digest = digestText(nodePrimitives, secret);
    const { tokens } = await sources.access();
    const token = [...tokens.values()].find((each) => each.secretSha256 === digest);
    if (token === undefined || token.revoked || sources.now() >= token.expiresAt)
        return refused({ code: 'not_signed_in' });
    return { ok: true, value: actorOf(token) };
}
function actorOf(token) {
    const { id, verbs, workspaces } = token;
    return token.purpose === 'admin'
        ? { kind: 'admin_token', id }
        : { kind: 'token', id, verbs, workspaces };
}
async function byName(handle, sources) {
    if (sources.mode !== 'development')
        return refused({ code: 'development_only' });
    return asPerson(await sources.findPerson(handle), sources);
}
async function bySession(cookie, sources) {
    // A database that was once used for development must not sign anyone in afterwards.
    if (sources.mode !== 'development')
        return refused({ code: 'not_signed_in' });
    return asPerson(await sources.findSession(digestText(nodePrimitives, cookie)), sources);
}
async function asPerson(person, sources) {
    const { people } = await sources.access();
    if (person === null || people.get(person)?.active !== true)
        return refused({ code: 'not_signed_in' });
    return { ok: true, value: { kind: 'person', id: person, assurance: 'development' } };
}
