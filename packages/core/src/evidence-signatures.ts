/**
 * The passkey signatures of a log, checked with nothing but the bundle: every decision, broken glass
 * and review that says it is signed, and every key that says another vouched for it. What a bundle does not hold rests on
 * the server's word and is counted so; what it holds and does not fit is a fault.
 */
import { decodeBase64 } from './base64.ts'
import type { ChangeEvent, DecidedEvent } from './change.ts'
import type { Entry } from './entry.ts'
import type { Bundle } from './evidence-bundle.ts'
import type { EvidenceFault } from './evidence-fault.ts'
import type { Digest, KeyId, PersonId } from './ids.ts'
import { inviteProofProblem, inviteProofText } from './invite.ts'
import {
  type AssertionSources,
  assertionProblem,
  challengeOf,
  type DecisionStatement,
  type Passkey,
  requirementDigest,
  type SignedDecision,
  type SignedStatement,
  signedStatementText,
  type VouchStatement,
} from './passkey.ts'
import type { Shape } from './shape.ts'
import { inviteProofShape, signedDecisionShape, signedVouchShape } from './signed-shapes.ts'

/** The bundle does not hold it. */
const ABSENT = Symbol('absent')

/** Keys that whoever verifies knows from the people themselves: SubjectPublicKeyInfo in base64. */
export type PinnedPeople = ReadonlyMap<PersonId, readonly string[]>

export interface SignatureFacts {
  /** Decisions whose signature is here and good. */
  readonly signed: number
  /** Of these, by a key that is pinned or vouched for, step by step, by a pinned one. */
  readonly byTrustedKey: number
  /** Decisions that say they are signed, without the signature in the bundle. */
  readonly absent: number
  /** Keys that signed a decision and rest on the server's word. */
  readonly keysOnServersWord: readonly KeyId[]
}

export type CheckedSignatures =
  | { readonly ok: true; readonly facts: SignatureFacts }
  | { readonly ok: false; readonly fault: EvidenceFault }

export interface SignatureSources extends AssertionSources {
  /** `null`: nothing is pinned, so every key rests on the server's word. */
  readonly pins: PinnedPeople | null
}

export function checkSignatures(
  bundle: Bundle,
  entries: readonly Entry[],
  sources: SignatureSources,
): CheckedSignatures {
  const reading = new Reading(bundle, sources)
  for (const entry of entries) {
    const problem = reading.read(entry)
    if (problem !== null) return { ok: false, fault: { what: `entry ${entry.seq}`, problem } }
  }
  return { ok: true, facts: reading.facts() }
}

interface Seen {
  readonly fingerprint: Digest
  readonly artifacts: Set<Digest>
  /** `revision requirement` of every evaluation: a person decided under one of them. */
  readonly rules: Set<string>
  /** The same with what credentials would be granted. */
  readonly scopes: Set<string>
  readonly home: string
}

/** What the entries before this one say; belongs to one check. */
class Reading {
  readonly #sources: SignatureSources
  readonly #evidence: ReadonlyMap<string, string>
  readonly #keys = new Map<KeyId, Passkey>()
  readonly #trusted = new Set<KeyId>()
  readonly #changes = new Map<string, Seen>()
  readonly #nonces = new Set<Digest>()
  readonly #onWord = new Set<KeyId>()
  #signed = 0
  #byTrusted = 0
  #absent = 0

  constructor(bundle: Bundle, sources: SignatureSources) {
    this.#sources = sources
    this.#evidence = new Map(
      bundle.evidence.map(({ workspace, digest, data }) => [`${workspace} ${digest}`, data]),
    )
  }

  facts(): SignatureFacts {
    return {
      signed: this.#signed,
      byTrustedKey: this.#byTrusted,
      absent: this.#absent,
      keysOnServersWord: [...this.#onWord],
    }
  }

  read({ stream, at, event }: Entry): string | null {
    switch (event.type) {
      case 'key_enrolled': {
        const { type: _, key: id, ...rest } = event
        return this.#enrol({ ...rest, id, since: at, revoked: false })
      }
      case 'change_opened':
        this.#changes.set(stream, {
          fingerprint: event.binding.fingerprint,
          artifacts: new Set([event.binding.artifact]),
          rules: new Set(),
          scopes: new Set(),
          home: event.workspace,
        })
        return null
      case 'replanned':
        this.#changes.get(stream)?.artifacts.add(event.artifact)
        return null
      case 'evaluated':
        this.#evaluated(this.#changes.get(stream), event)
        return null
      case 'approved':
      case 'rejected':
      case 'glass_broken':
      case 'glass_reviewed':
        return event.signed === null ? null : this.#decision(stream, event, event.signed)
      default:
        return null
    }
  }

  #evaluated(change: Seen | undefined, event: Extract<ChangeEvent, { type: 'evaluated' }>): void {
    const { policyRevision, requirement, scope = null } = event
    const rules = `${policyRevision} ${requirementDigest(requirement, this.#sources.primitives)}`
    change?.rules.add(rules)
    change?.scopes.add(`${rules} ${scope}`)
  }

  #enrol(key: Passkey): string | null {
    this.#keys.set(key.id, key)
    if (this.#sources.pins?.get(key.person)?.includes(key.publicKey) === true)
      this.#trusted.add(key.id)
    const { vouched } = key
    if (vouched === null) return null
    const by = this.#keys.get(vouched.key)
    if (by === undefined) return 'the voucher of its key is by a passkey that is not enrolled'
    const place = `access ${vouched.proof}`
    const invited = by.person !== key.person
    const problem = invited ? this.#inviteProblem(place, by, key) : this.#ownProblem(place, by, key)
    if (problem === ABSENT) return null
    if (problem !== null) return `the voucher of its key does not fit: ${problem}`
    if (this.#trusted.has(vouched.key)) this.#trusted.add(key.id)
    return null
  }

  /** Somebody who administers invited the person; the link's key signed this one. */
  #inviteProblem(place: string, inviter: Passkey, key: Passkey): string | typeof ABSENT | null {
    const read = this.#proof(place, inviteProofShape, inviteProofText)
    if (read === null) return ABSENT
    if ('problem' in read) return `it ${read.problem}`
    const { person, publicKey, since: at } = key
    return inviteProofProblem(read.proof, { person, publicKey, inviter, at }, this.#sources)
  }

  #ownProblem(place: string, by: Passkey, key: Passkey): string | typeof ABSENT | null {
    const read = this.#proof(place, signedVouchShape, signedStatementText)
    if (read === null) return ABSENT
    if ('problem' in read) return `it ${read.problem}`
    const { statement, assertion } = read.proof
    if (!speaksOf(statement, key)) return 'it speaks of another key'
    return this.#assertion(assertion, by, challengeOf('vouch', statement, this.#sources.primitives))
  }

  #decision(
    stream: string,
    event: DecidedEvent,
    signed: NonNullable<DecidedEvent['signed']>,
  ): string | null {
    const change = this.#changes.get(stream)
    const key = this.#keys.get(signed.key)
    if (change === undefined || key === undefined) return 'it names a passkey that is not enrolled'
    const read = this.#proof(
      `${change.home} ${signed.proof}`,
      signedDecisionShape,
      signedStatementText,
    )
    if (read === null) {
      this.#absent += 1
      return null
    }
    if ('problem' in read) return `its signature ${read.problem}`
    const { statement, assertion } = read.proof
    const other = this.#otherThan(statement, { stream, event, change })
    if (other !== null) return `its signature is for something else: ${other}`
    const challenge = challengeOf('decision', statement, this.#sources.primitives)
    const problem = this.#assertion(assertion, key, challenge)
    if (problem !== null) return `its signature does not hold: ${problem}`
    this.#count(key.id)
    return null
  }

  #count(key: KeyId): void {
    this.#signed += 1
    if (this.#trusted.has(key)) this.#byTrusted += 1
    else this.#onWord.add(key)
  }

  /** What the statement says and the entry does not; `null` when they say the same. */
  #otherThan(
    statement: DecisionStatement,
    said: { readonly stream: string; readonly event: DecidedEvent; readonly change: Seen },
  ): string | null {
    const { stream, event, change } = said
    if (this.#nonces.has(statement.nonce)) return 'it was used before'
    this.#nonces.add(statement.nonce)
    if (statement.decision !== decisionOf(event)) return 'the decision'
    if (statement.change !== stream) return 'the change'
    if (statement.person !== event.person) return 'the person'
    const { fingerprint } = 'fingerprint' in event ? event : change
    if (statement.fingerprint !== fingerprint) return 'the fingerprint'
    if (!change.artifacts.has(statement.artifact)) return 'the plan file'
    if (statement.reason !== event.reason) return 'the reason'
    const shown = 'shown' in event ? event.shown : null
    if (JSON.stringify(statement.shown) !== JSON.stringify(shown)) return 'what was shown'
    const rules = `${statement.policyRevision} ${statement.requirement}`
    if (!change.rules.has(rules)) return 'the rules'
    if (!change.scopes.has(`${rules} ${statement.sessionPolicy}`)) return 'the session policy'
    if ((event.assurance === 'passkey+cli') !== (statement.client === 'cli')) return 'the client'
    return null
  }

  #assertion(
    assertion: SignedStatement['assertion'],
    key: Passkey,
    challenge: Uint8Array,
  ): string | null {
    return assertionProblem(assertion, { challenge, key }, this.#sources)
  }

  /** `null` where the bundle does not hold it. Its content hash is checked elsewhere. */
  #proof<T>(
    place: string,
    shape: Shape<T>,
    textOf: (proof: T) => string,
  ): { readonly proof: T } | { readonly problem: string } | null {
    const data = this.#evidence.get(place)
    if (data === undefined) return null
    const bytes = decodeBase64(data)
    const value = bytes === null ? null : parse(bytes, this.#sources)
    if (!shape.is(value)) return { problem: 'cannot be read' }
    const { primitives } = this.#sources
    const again = primitives.utf8(textOf(value))
    return bytes?.length === again.length ? { proof: value } : { problem: 'is not canonical' }
  }
}

/** As it stands in what was signed. */
function decisionOf(event: DecidedEvent): SignedDecision {
  switch (event.type) {
    case 'approved':
      return 'approve'
    case 'rejected':
      return 'reject'
    case 'glass_broken':
      return 'break_glass'
    case 'glass_reviewed':
      return event.finding === 'justified' ? 'review_justified' : 'review_not_justified'
  }
}

function speaksOf(statement: VouchStatement, key: Passkey): boolean {
  const { person, key: id, publicKey } = statement
  return person === key.person && id === key.id && publicKey === key.publicKey
}

function parse(bytes: Uint8Array, { primitives }: AssertionSources): unknown {
  try {
    return JSON.parse(primitives.text(bytes))
  } catch {
    return null
  }
}
