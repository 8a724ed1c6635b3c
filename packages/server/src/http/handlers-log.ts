/** The log for auditors and tools: entries, proofs, tiles, the checkpoint, the bundle. */
import { nodePrimitives } from '@holdpoint/api/node'
import { type Actor, encodeBase64, parseEntry } from '@holdpoint/core'
import { everHid, exportBundle } from '../export-bundle.ts'
import { digestOfHash, proofOf, tileAt } from '../log-reads.ts'
import type { Services } from '../services.ts'
import type { Names } from '../views-names.ts'
import { type LeafRow, leavesBetween, logSize, newestCheckpoint } from '../views-queries.ts'
import { problemOfAsking, viewerFor } from './asked.ts'
import { type Ask, done, type Handlers, refused } from './handler.ts'

type LogHandlers = Pick<Handlers, 'log' | 'proof' | 'exportAudit' | 'checkpoint' | 'tile'>

export function logHandlers(services: Services): LogHandlers {
  const { kysely } = services.database
  return {
    log: (ask) => logPage(ask, services),
    proof: async ({ actor, params }) => {
      const problem = await mayNotRead(actor, services)
      if (problem !== null) return refused(problem)
      const proof = await proofOf(kysely, params.seq)
      return proof === null ? refused({ code: 'not_found', what: 'proof' }) : done({ proof })
    },
    exportAudit: async ({ actor, query, reply }) => {
      const problem = (await mayNotRead(actor, services)) ?? (await hiddenFrom(actor, services))
      if (problem !== null) return refused(problem)
      const content = await exportBundle(services, query.change ?? null)
      if (content === null) return refused({ code: 'not_found', what: 'change' })
      reply.header('content-disposition', 'attachment; filename="holdpoint-audit.json"')
      return done({ contentType: 'application/json', content, immutable: false })
    },
    checkpoint: async () => {
      const newest = await newestCheckpoint(kysely)
      if (newest === null) return refused({ code: 'not_found', what: 'checkpoint' })
      return done({ contentType: PLAIN, content: newest.note, immutable: false })
    },
    tile: async ({ actor, request }) => {
      const problem = await mayNotRead(actor, services)
      if (problem !== null) return refused(problem)
      const path = request.url.split('?', 1)[0]?.slice('/log/'.length) ?? ''
      const content = await tileAt(kysely, path)
      if (content === null) return refused({ code: 'not_found', what: 'tile' })
      return done({ contentType: 'application/octet-stream', content, immutable: true })
    },
  }
}

const PLAIN = 'text/plain; charset=utf-8'

function mayNotRead(actor: Actor, services: Services) {
  return problemOfAsking(actor, { action: 'read_log', on: 'installation' }, services)
}

/** A bundle holds policies and what their rules found, whole: cut it would prove nothing. */
async function hiddenFrom(actor: Actor, services: Services) {
  const asked = { action: 'read_hidden', on: 'installation' } as const
  const problem = await problemOfAsking(actor, asked, services)
  return problem !== null && (await everHid(services.database.kysely)) ? problem : null
}

async function logPage(
  { actor, query }: Ask<'log'>,
  services: Services,
): ReturnType<Handlers['log']> {
  const problem = await mayNotRead(actor, services)
  if (problem !== null) return refused(problem)
  const { kysely } = services.database
  const { names } = await viewerFor(actor, services)
  const range = { start: query.from, end: query.from + query.limit }
  const leaves = await leavesBetween(kysely, range)
  return done({
    size: await logSize(kysely),
    checkpoint: (await newestCheckpoint(kysely))?.note ?? null,
    origin: services.audit.origin,
    verifierKey: services.audit.verifierKey,
    entries: leaves.map((leaf) => leafView(leaf, names)),
  })
}

function leafView({ seq, data, leafHash }: LeafRow, names: Names) {
  const parsed = parseEntry(data, nodePrimitives)
  if (!parsed.ok) throw new Error(`entry ${seq} cannot be read: ${parsed.problem}`)
  return {
    seq,
    leafHash: digestOfHash(leafHash),
    data: encodeBase64(data),
    actor: names.actor(parsed.entry.actor),
  }
}
