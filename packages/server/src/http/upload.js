import { Fault } from '../io/fault.ts';
/** The largest document the server takes over HTTP. */
export const UPLOAD_BYTES_MAX = 256 * 1024 * 1024;
export async function readUpload(request) {
    const said = Number(request.headers['content-length'] ?? 0);
    if (said > UPLOAD_BYTES_MAX)
        throw tooLarge();
    const parts = [];
    let length = 0;
    for await (const part of request.raw) {
        if (!(part instanceof Uint8Array))
            continue;
        length += part.length;
        if (length > UPLOAD_BYTES_MAX)
            throw tooLarge();
        parts.push(part);
    }
    return Buffer.concat(parts);
}
function tooLarge() {
    return new Fault('too_large', `evidence is at most ${UPLOAD_BYTES_MAX} bytes over HTTP`);
}
