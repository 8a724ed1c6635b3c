/** What an auditor reads: the first bad thing, or in numbers what rests on what. */
import type { EvidenceFault, EvidenceReport } from '@holdpoint/core'
import type { Ink } from './render.ts'
import { counted, safe } from './render-text.ts'

export function renderFault(fault: EvidenceFault, ink: Ink): readonly string[] {
  return [
    `${ink('red', 'NOT VERIFIED')}  ${safe(fault.what)}: ${safe(fault.problem)}`,
    '  This bundle is not what was recorded, or not whole. Export it again; if it',
    '  fails again, keep both files and tell the operator.',
  ]
}

const PINNED = 'nothing removed or rewritten'
const UNPINNED = 'nothing removed or rewritten, if the key in the bundle is the log’s own'

const KEYS_SHOWN = 10

export function renderReport(report: EvidenceReport, ink: Ink): readonly string[] {
  const word = (count: number, text: string): string =>
    `${count > 0 ? ink('amber', '!') : ' '} ${String(count).padStart(6)}  ${text}`
  const proof = (count: number, text: string): string => `  ${String(count).padStart(6)}  ${text}`
  const key = report.keyPinned
    ? 'the key you gave'
    : 'the key in the bundle itself; give --key to hold it against one you trust'
  const development = report.development
    ? [`${ink('red', '!')} Development: anyone could be anyone. Not evidence.`]
    : []
  const entries = report.entries === 1 ? '1 entry' : `${report.entries} entries`
  return [
    `Log  ${safe(report.origin)}   ${counted(report.changes, 'change')}`,
    `Checked with  ${key}`,
    'Proven by this bundle:',
    proof(report.entries, 'entries in this order, none missing before the checkpoint'),
    proof(report.evidenceChecked, 'pieces of evidence with the content they were logged with'),
    proof(report.textsChecked, 'typed texts with the digest they were logged with'),
    proof(report.decisionsByPasskey, 'decisions signed with a passkey of the log'),
    ...(report.peoplePinned
      ? [
          proof(
            report.decisionsByTrustedKey,
            'of these by a key you pinned, or that one vouched for',
          ),
        ]
      : []),
    'Rests on somebody’s word, or is not here:',
    word(
      Math.max(0, report.evidenceNamed - report.evidenceChecked),
      'pieces of evidence that entries name and this bundle does not hold',
    ),
    word(
      Math.max(0, report.textsNamed - report.textsChecked),
      'typed texts that were erased or left out',
    ),
    word(report.decisionsByServersWord, 'decisions, on the server’s word'),
    word(
      report.keysOnServersWord.length,
      report.peoplePinned
        ? 'passkeys that signed and lead back to none you pinned'
        : 'passkeys that signed, whose they are on the server’s word; give --people',
    ),
    ...report.keysOnServersWord.slice(0, KEYS_SHOWN).map((key) => `            ${safe(key)}`),
    word(report.glassBroken, 'times the glass was broken: one person stood in for all others'),
    word(report.glassBroken - report.glassReviewed, 'of these without a review by somebody else'),
    word(report.glassOverdue, 'of these overdue at the last entry'),
    word(report.executionsSelfReported, 'executions, on the word of a self-reported runner'),
    word(report.executionsByPipeline, 'executions, on the word of a pipeline'),
    word(report.executionsAttested, 'executions by an attested runner'),
    word(report.executionsManaged, 'executions by a managed runner'),
    word(report.checkpointsNotWitnessed, 'checkpoints that no witness has signed'),
    ...development,
    `${ink('green', 'Verified')}  ${entries}, ${report.keyPinned ? PINNED : UNPINNED}`,
  ]
}
