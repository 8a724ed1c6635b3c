/** What rests on what, in numbers: proofs where there are proofs, and whose word the rest is. */
import { isDecided } from './change.ts'
import { isReviewOverdue } from './change-glass.ts'
import type { Entry } from './entry.ts'
import type { Bundle } from './evidence-bundle.ts'
import { referencedEvidence, referencedTexts } from './evidence-content.ts'
import type { SignatureFacts } from './evidence-signatures.ts'
import type { KeyId } from './ids.ts'
import type { World } from './world.ts'

export interface EvidenceReport {
  readonly origin: string
  readonly entries: number
  readonly changes: number
  /** Was the log's key pinned by who verified, or taken from the bundle? */
  readonly keyPinned: boolean
  readonly development: boolean
  /** Approvals, rejections, broken glass and its reviews. */
  readonly decisionsByPasskey: number
  readonly decisionsByServersWord: number
  /** Were keys of people given by who verified? */
  readonly peoplePinned: boolean
  /** Of the signed decisions: by keys that lead back to a pinned one. */
  readonly decisionsByTrustedKey: number
  /** Keys that signed decisions and are somebody's on the server's word alone. */
  readonly keysOnServersWord: readonly KeyId[]
  readonly glassBroken: number
  readonly glassReviewed: number
  /** Of what was broken: not reviewed in time, at the time of the last entry. */
  readonly glassOverdue: number
  readonly executionsManaged: number
  readonly executionsAttested: number
  readonly executionsSelfReported: number
  readonly executionsByPipeline: number
  readonly executionsReleasedByRule: number
  readonly checkpointsWitnessed: number
  readonly checkpointsNotWitnessed: number
  readonly evidenceChecked: number
  /** Evidence that entries name; what is beyond `evidenceChecked` was not in the bundle. */
  readonly evidenceNamed: number
  readonly textsChecked: number
  /** Texts that entries name; the others were erased or left out. */
  readonly textsNamed: number
}

export function newReport(
  bundle: Bundle,
  entries: readonly Entry[],
  known: {
    readonly keyPinned: boolean
    readonly peoplePinned: boolean
    readonly signatures: SignatureFacts
    readonly world: World
  },
): EvidenceReport {
  const { keyPinned, peoplePinned, signatures, world } = known
  const events = entries.map((entry) => entry.event)
  const count = (test: (event: Entry['event']) => boolean) => events.filter(test).length
  const verified = (by: string) =>
    count((event) => event.type === 'execution_started' && event.verifiedBy === by)
  const decisions = count(isDecided)
  return {
    origin: bundle.origin,
    entries: entries.length,
    changes: count((event) => event.type === 'change_opened'),
    keyPinned,
    development: events.some(
      (event) => event.type === 'log_started' && event.mode === 'development',
    ),
    decisionsByPasskey: signatures.signed,
    decisionsByServersWord: decisions - signatures.signed,
    peoplePinned,
    decisionsByTrustedKey: signatures.byTrustedKey,
    keysOnServersWord: signatures.keysOnServersWord,
    ...glassCounts(world),
    executionsManaged: verified('managed'),
    executionsAttested: verified('attested'),
    executionsSelfReported: verified('self_reported'),
    executionsByPipeline: verified('pipeline'),
    executionsReleasedByRule: count(
      (event) => event.type === 'execution_started' && event.verdict === 'allow',
    ),
    checkpointsWitnessed: 0,
    checkpointsNotWitnessed: 1,
    evidenceChecked: bundle.evidence.length,
    evidenceNamed: referencedEvidence(entries).size,
    textsChecked: bundle.texts.length,
    textsNamed: referencedTexts(entries).size,
  }
}

function glassCounts({ glass, lastAt }: World) {
  const broken = [...glass.values()].flatMap((change) => change.glass ?? [])
  return {
    glassBroken: broken.length,
    glassReviewed: broken.filter(({ review }) => review !== null).length,
    glassOverdue: broken.filter((each) => isReviewOverdue(each, lastAt)).length,
  }
}
