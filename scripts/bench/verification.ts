/** How fast an evidence bundle verifies offline, every proof, checkpoint and law of it. */
import { nodePrimitives, nodeVerifiers } from '@holdpoint/api/node'
import { verifyBundle } from '@holdpoint/core'
import type { Installation } from '../../test/harness/installation.ts'
import type { Row } from './measure.ts'
import { row } from './statistics.ts'

const RUNS = 5

export async function verificationRow(database: string, installation: Installation): Promise<Row> {
  const response = await installation.as('lars').raw('exportAudit', { query: {} })
  if (!response.ok) throw new Error(`the export was refused with ${response.status}`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const runs = Array.from({ length: RUNS }, () => verify(bytes))
  const size = `${runs[0]?.entries} entries, ${Math.round(bytes.length / 1024)} KB`
  const took = runs.map((run) => run.took)
  return row(`${database}: verifying the bundle, ${size}`, took)
}

function verify(bytes: Uint8Array): { readonly took: number; readonly entries: number } {
  const startedAt = performance.now()
  const verified = verifyBundle(bytes, nodePrimitives, {
    ...nodeVerifiers,
    pinnedKey: null,
    pins: null,
  })
  if (!verified.ok) throw new Error(`the bundle is not right: ${JSON.stringify(verified.fault)}`)
  return { took: performance.now() - startedAt, entries: verified.report.entries }
}
