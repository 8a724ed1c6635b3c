/**
 * A runner's request carries a signature over its canonical statement, made with the key that
 * opened the change: another holder of the workspace's token cannot speak for it.
 */
import { nodePrimitives, verifyEd25519 } from '@holdpoint/api/node';
import { decodeBase64, runnerStatement, } from '@holdpoint/core';
export function isSignedBy(publicKey, request) {
    const { action, change, body } = request;
    const key = decodeBase64(publicKey);
    const signature = decodeBase64(request.signature);
    if (key === null || signature === null)
        return false;
    const message = nodePrimitives.utf8(runnerStatement({ action, change, body }));
    return verifyEd25519({ publicKey: key, message, signature });
}
