/** `holdpoint audit verify`: checks a bundle on this machine alone. No server, no network. */
import { nodePrimitives, nodeVerifiers } from '@holdpoint/api/node'
import { type EvidenceReport, parseVkey, verifyBundle } from '@holdpoint/core'
import { renderFault, renderReport } from '../render-audit.ts'
import { EXIT, usage } from './ended.ts'
import { readPins } from './people-pins.ts'
import { readInput } from './read-input.ts'
import type { Call } from './row.ts'

export async function run({ words, flags, screen }: Call): Promise<number> {
  const pinnedKey = flags.find('key')
  if (pinnedKey !== null && !parseVkey(nodePrimitives, pinnedKey).ok) throw noKey()
  const people = flags.find('people')
  const pins = people === null ? null : readPins(await readInput(people), people)
  const bytes = await readInput(words[0] ?? '')
  const verified = verifyBundle(bytes, nodePrimitives, {
    ...nodeVerifiers,
    pinnedKey,
    pins,
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

function noKey() {
  return usage(
    '--key is not a verifier key; one is <origin>+<8 hex digits>+<Base64>, in quotation marks, ' +
      'and the operator has it: holdpoint server prints it when it starts',
  )
}
