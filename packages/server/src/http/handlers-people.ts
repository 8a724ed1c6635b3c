/** What people do to a change: decide, take back, withdraw, say what became of it. */
import {
  type AccessAction,
  type Actor,
  type Assurance,
  type Change,
  type ChangeCommand,
  type ChangeId,
  type DecisionStatement,
  GLASS_REASON_CHARACTERS_MIN,
  type SignedDecision,
} from '@holdpoint/core'
import { keepText } from '../kept.ts'
import type { Services } from '../services.ts'
import {
  assuranceOf,
  beginDecision,
  keepSignature,
  NOT_ITS_CLIENT,
  proveDecision,
  signatureOf,
} from '../signed-decision.ts'
import { problemOfAsking, seenChange } from './asked.ts'
import { type Ask, done, type Handlers, type Result, refused } from './handler.ts'

type PeopleHandlers = Pick<
  Handlers,
  | 'beginDecision'
  | 'signature'
  | 'sign'
  | 'approve'
  | 'reject'
  | 'takeBack'
  | 'withdraw'
  | 'resolve'
>
type Done = Result<{ readonly status: Change['status'] }>

export function peopleHandlers(services: Services): PeopleHandlers {
  return {
    beginDecision: (ask) => begin(ask, services),
    signature: async ({ actor, params }) => {
      const person = decider(actor, true)
      return person.ok ? signatureOf(person.value.id, params.nonce, services) : person
    },
    sign: async ({ actor, params, body }) => {
      const person = decider(actor, false)
      if (!person.ok) return person
      const signed = { nonce: params.nonce, with: body }
      return keepSignature(person.value.id, signed, services)
    },
    approve: (ask) => decide(ask, 'approve', services),
    reject: (ask) => decide(ask, 'reject', services),
    takeBack: async ({ actor, params }) => {
      const person = decider(actor, false)
      if (!person.ok) return person
      const command = { type: 'take_back', person: person.value.id } as const
      return passCommand({ actor, change: params.change, command }, services)
    },
    withdraw: ({ actor, params }) =>
      passCommand({ actor, change: params.change, command: { type: 'withdraw' } }, services),
    resolve: (ask) => resolve(ask, services),
  }
}

async function decide(
  { actor, params, body }: Ask<'approve'> | Ask<'reject'>,
  type: 'approve' | 'reject',
  services: Services,
): Promise<Done> {
  const signing = body.signed !== null
  const asking = { actor, change: params.change, signing, action: 'decide_change' } as const
  const deciding = await decidingOn(asking, services)
  if (!deciding.ok) return deciding
  const { change, person } = deciding.value
  if (signing)
    return decideSigned({ person, client: clientOf(actor), type, change, body }, services)
  if (type === 'reject' && (body.reason ?? '').trim().length < REASON_MIN)
    return refused({ code: 'reason_required', charactersMin: REASON_MIN })
  const { id, assurance } = person
  const reason = await keepText(services.database, body.reason)
  const { fingerprint, shown } = body
  const command = {
    type,
    person: id,
    fingerprint,
    assurance,
    reason,
    shown,
    signed: null,
  } as const
  return passCommand({ actor, change: params.change, command }, services)
}

interface SignedDeciding {
  readonly person: Decider
  readonly client: DecisionStatement['client']
  readonly type: 'approve' | 'reject'
  readonly change: Change
  readonly body: Ask<'approve'>['body']
}

/** What counts is what was signed: reason and what was shown come from the statement. */
async function decideSigned(
  { person, client, type, change, body }: SignedDeciding,
  services: Services,
): Promise<Done> {
  const { fingerprint, signed } = body
  const proved = await proveDecision(
    { person: person.id, type, change, fingerprint, client, signed },
    services,
  )
  if (!proved.ok) return proved
  const { statement, vouch } = proved.value
  const assurance = assuranceOf(statement)
  const { reason, shown } = statement
  const command = {
    type,
    person: person.id,
    fingerprint: statement.fingerprint,
    assurance,
    reason,
    shown,
    signed: vouch,
  } as const
  const actor = { ...person, assurance } as const
  return passCommand({ actor, change: change.changeId, command }, services)
}

function clientOf(actor: Actor): DecisionStatement['client'] {
  return actor.kind === 'person' && actor.assurance === 'token' ? 'cli' : 'page'
}

function notItsClient() {
  return refused({ code: 'signature_refused', because: NOT_ITS_CLIENT })
}

export const REASON_MIN = 3
const REASON_MINS: { readonly [D in SignedDecision]: number } = {
  approve: 0,
  reject: REASON_MIN,
  break_glass: GLASS_REASON_CHARACTERS_MIN,
  review_justified: REASON_MIN,
  review_not_justified: REASON_MIN,
}
const BY_TERMINAL: readonly SignedDecision[] = ['approve', 'reject']

export interface Deciding {
  readonly actor: Actor
  readonly change: ChangeId
  /** Whether a passkey signs it: then a person's terminal may bring it. */
  readonly signing: boolean
  /** What it needs; `null` where whoever asks next says why not in better words. */
  readonly action: AccessAction | null
}

/**
 * How every decision is opened: on a change that is seen, by a person, who may. Asked before anything
 * typed is kept; the gate asks again.
 */
export async function decidingOn(
  { actor, change: id, signing, action }: Deciding,
  services: Services,
): Promise<Result<{ readonly change: Change; readonly person: Decider }>> {
  const seen = await seenChange(actor, id, services)
  if (!seen.ok) return seen
  const { change } = seen.value
  const person = decider(actor, signing)
  if (!person.ok) return person
  const asked = action === null ? null : { action, on: { workspace: change.workspace } }
  const problem = asked === null ? null : await problemOfAsking(person.value, asked, services)
  return problem === null ? done({ change, person: person.value }) : refused(problem)
}

type Decider = Extract<Actor, { kind: 'person' }> & { readonly assurance: Assurance }

/**
 * A token on a disk or in an environment never decides (DESIGN §6): a person's terminal may begin
 * and bring what the person's own passkey then signs, as the person who signs it.
 */
function decider(actor: Actor, signing: boolean): Result<Decider> {
  if (actor.kind !== 'person')
    return refused({ code: 'not_eligible', slots: [], because: 'not_a_person' })
  const { assurance } = actor
  if (assurance !== 'token') return done({ ...actor, assurance })
  return signing
    ? done({ ...actor, assurance: 'session' })
    : refused({ code: 'terminal_never_decides' })
}

async function begin(
  { actor, params, body }: Ask<'beginDecision'>,
  services: Services,
): ReturnType<Handlers['beginDecision']> {
  // What passes everybody by is never begun by what lies on a disk.
  const signing = body.client === 'cli' && BY_TERMINAL.includes(body.decision)
  if (actor.kind === 'person' && body.client !== clientOf(actor)) return notItsClient()
  const action = body.decision === 'break_glass' ? 'break_glass' : 'decide_change'
  const deciding = await decidingOn({ actor, change: params.change, signing, action }, services)
  if (!deciding.ok) return deciding
  const { change, person } = deciding.value
  const charactersMin = REASON_MINS[body.decision]
  if ((body.reason ?? '').trim().length < charactersMin)
    return refused({ code: 'reason_required', charactersMin })
  return beginDecision({ person: person.id, change, body }, services)
}

async function resolve({ actor, params, body }: Ask<'resolve'>, services: Services): Promise<Done> {
  const asking = { actor, change: params.change, signing: false, action: null }
  const deciding = await decidingOn(asking, services)
  if (!deciding.ok) return deciding
  const { resolution } = body
  const reason = await keepText(services.database, body.reason)
  if (reason === null) return refused({ code: 'reason_required', charactersMin: REASON_MIN })
  const person = deciding.value.person.id
  const command = { type: 'resolve_outcome', person, resolution, reason } as const
  return passCommand({ actor, change: params.change, command }, services)
}

export interface Passed {
  readonly actor: Actor
  readonly change: ChangeId
  readonly command: ChangeCommand
}

/** Through the gate, and the status the change has then. */
export async function passCommand(passed: Passed, services: Services): Promise<Done> {
  const { actor, change, command } = passed
  const answer = await services.gate.handle(actor, {
    on: 'change',
    change,
    workspace: null,
    command,
  })
  if (!answer.ok) return refused(answer.refusal)
  if (answer.change === null) return refused({ code: 'not_found', what: 'change' })
  return done({ status: answer.change.status })
}
