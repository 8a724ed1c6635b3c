/** The log for auditors and tools: entries, proofs, tiles, the checkpoint, the bundle. */
import { nodePrimitives } from '@holdpoint/api/node';
import { encodeBase64, parseEntry } from '@holdpoint/core';
import { exportBundle } from '../export-bundle.ts';
import { digestOfHash, proofOf, tileAt } from '../log-reads.ts';
import { leavesBetween, logSize, newestCheckpoint } from '../views-queries.ts';
import { problemOfAsking, viewerFor } from './asked.ts';
import { done, refused } from './handler.ts';
export function logHandlers(services) {
    const { kysely } = services.database;
    return {
        log: (ask) => logPage(ask, services),
        proof: async ({ actor, params }) => {
            const problem = await mayNotRead(actor, services);
            if (problem !== null)
                return refused(problem);
            const proof = await proofOf(kysely, params.seq);
            return proof === null ? refused({ code: 'not_found', what: 'proof' }) : done({ proof });
        },
        exportAudit: async ({ actor, query, reply }) => {
            const problem = await mayNotRead(actor, services);
            if (problem !== null)
                return refused(problem);
            const content = await exportBundle(services, query.change ?? null);
            if (content === null)
                return refused({ code: 'not_found', what: 'change' });
            reply.header('content-disposition', 'attachment; filename="holdpoint-audit.json"');
            return done({ contentType: 'application/json', content, immutable: false });
        },
        checkpoint: async () => {
            const newest = await newestCheckpoint(kysely);
            if (newest === null)
                return refused({ code: 'not_found', what: 'checkpoint' });
            return done({ contentType: PLAIN, content: newest.note, immutable: false });
        },
        tile: async ({ actor, request }) => {
            const problem = await mayNotRead(actor, services);
            if (problem !== null)
                return refused(problem);
            const path = request.url.split('?', 1)[0]?.slice('/log/'.length) ?? '';
            const content = await tileAt(kysely, path);
            if (content === null)
                return refused({ code: 'not_found', what: 'tile' });
            return done({ contentType: 'application/octet-stream', content, immutable: true });
        },
    };
}
const PLAIN = 'text/plain; charset=utf-8';
function mayNotRead(actor, services) {
    return problemOfAsking(actor, { action: 'read_log', on: 'installation' }, services);
}
async function logPage({ actor, query }, services) {
    const problem = await mayNotRead(actor, services);
    if (problem !== null)
        return refused(problem);
    const { kysely } = services.database;
    const { names } = await viewerFor(actor, services);
    const range = { start: query.from, end: query.from + query.limit };
    const leaves = await leavesBetween(kysely, range);
    return done({
        size: await logSize(kysely),
        checkpoint: (await newestCheckpoint(kysely))?.note ?? null,
        origin: services.audit.origin,
        verifierKey: services.audit.verifierKey,
        entries: leaves.map((leaf) => leafView(leaf, names)),
    });
}
function leafView({ seq, data, leafHash }, names) {
    const parsed = parseEntry(data, nodePrimitives);
    if (!parsed.ok)
        throw new Error(`entry ${seq} cannot be read: ${parsed.problem}`);
    return {
        seq,
        leafHash: digestOfHash(leafHash),
        data: encodeBase64(data),
        actor: names.actor(parsed.entry.actor),
    };
}
