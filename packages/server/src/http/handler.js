/** The handler has taken the connection over. */
export const STREAMING = 'streaming';
export function done(value) {
    return { ok: true, value };
}
export function refused(refusal) {
    return { ok: false, refusal };
}
