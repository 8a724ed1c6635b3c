/** `holdpoint audit verify`: checks a bundle on this machine alone. No server, no network. */
import { nodePrimitives, verifyEd25519 } from '@holdpoint/api/node'
import { type EvidenceReport, verifyBundle } from '@holdpoint/core'
import { renderFault, renderReport } from '../render-audit.ts'
import { EXIT } from './ended.ts'
import { readInput } from './read-input.ts'
import type { Call } from './row.ts'

export async function run({ words, flags, screen }: Call): Promise<number> {
  const bytes = await readInput(words[0] ?? '')
  const verified = verifyBundle(bytes, nodePrimitives, {
    verifier: {
      verify: (message, signature, publicKey) => verifyEd25519({ publicKey, message, signature }),
    },
    pinnedKey: flags.find('key'),
  })
  if (!verified.ok) {
    screen.document({ ok: false, fault: verified.fault })
    screen.lines(renderFault(verified.fault, screen.ink))
    return EXIT.refused
  }
  const report: EvidenceReport = verified.report
  screen.document({ ok: true, report })
  screen.lines(renderReport(report, screen.ink))
  return EXIT.done
}
