/**
 * Broken glass as people see it: who broke it and why, who was passed by, who reviews it and until
 * when; and whether the one who looks may break or review it, by the very rules that decide.
 */
import type { views } from '@holdpoint/api'
import {
  type Change,
  type Digest,
  decide,
  type Glass,
  type GlassFacts,
  glassFacts,
  isReviewOverdue,
  liveKeys,
  NO_GLASS,
  type PersonId,
  permits,
  type Refusal,
  refOf,
  reviewDueAt,
  reviewerProblem,
  whoMay,
} from '@holdpoint/core'
import type { z } from 'zod'
import { done, type Result, refused } from './http/handler.ts'
import type { Services } from './services.ts'
import { brokenGlass } from './store/glass.ts'
import type { Viewer } from './views-row.ts'
import type { Looker } from './views-you.ts'

type GlassRow = z.input<typeof views.GlassRow>
type GlassView = z.input<typeof views.GlassView>

export function glassRow({ glass }: Change, { names, now }: Viewer): GlassRow | null {
  if (glass === null) return null
  const by = names.actor({ kind: 'person', id: glass.person })
  return { by, at: glass.at, review: stateOf(glass, now), reviewUntil: reviewDueAt(glass) }
}

function stateOf(glass: Glass, now: number): GlassRow['review'] {
  if (glass.review !== null) return 'done'
  return isReviewOverdue(glass, now) ? 'overdue' : 'owed'
}

export function glassView(
  change: Change,
  viewer: Viewer,
  texts: ReadonlyMap<Digest, string>,
): GlassView | null {
  const row = glassRow(change, viewer)
  const { glass } = change
  if (row === null || glass === null) return null
  const { names, actor } = viewer
  const you = actor.kind === 'person' ? actor.id : null
  const { review } = glass
  return {
    ...row,
    assurance: glass.assurance,
    reason: texts.get(glass.reason) ?? null,
    skipped: glass.requirement?.slots ?? [],
    reviewers: reviewersOf(change, viewer).map((person) => ({
      person,
      name: names.person(person),
      you: person === you,
    })),
    reviewed:
      review === null
        ? null
        : {
            by: names.actor({ kind: 'person', id: review.person }),
            at: review.at,
            finding: review.finding,
            reason: texts.get(review.reason) ?? null,
          },
  }
}

/** Who could say now whether it was justified: the owners, and whom the rules asked. */
function reviewersOf(change: Change, { access, now }: Looker): readonly PersonId[] {
  return [...access.people.values()].flatMap(({ id, active }) =>
    active && mayReview(change, id, { access, now }) ? [id] : [],
  )
}

function mayReview(
  change: Change,
  id: PersonId,
  { access, now }: Pick<Looker, 'access' | 'now'>,
): boolean {
  const actor = { kind: 'person', id, assurance: 'session' } as const
  const ask = { action: 'decide_change', on: { workspace: change.workspace }, now } as const
  return permits(access, actor, ask) && reviewerProblem(change, id, { access, now }) === null
}

/** A review that is yours to give is missing, from the moment that you were passed by. */
export function owesReview(change: Change, looker: Looker): boolean {
  const { glass } = change
  if (glass === null || glass.review !== null || looker.actor.kind !== 'person') return false
  return mayReview(change, looker.actor.id, looker)
}

export function breakRefusal(change: Change, looker: Looker, glass: GlassFacts): Refusal | null {
  const { actor, access, now } = looker
  if (actor.kind !== 'person') return { code: 'not_eligible', slots: [], because: 'not_a_person' }
  const action = 'break_glass'
  const session = { ...actor, assurance: 'session' } as const
  if (!permits(access, session, { action, on: { workspace: change.workspace }, now }))
    return { code: 'not_permitted', action, needs: whoMay(action) }
  const [key] = liveKeys(access, actor.id)
  if (key === undefined)
    return { code: 'signature_refused', because: 'you have no passkey here yet' }
  const { fingerprint } = change.binding
  const signed = { key: key.id, proof: fingerprint }
  const fields = {
    person: actor.id,
    fingerprint,
    assurance: 'passkey',
    reason: fingerprint,
  } as const
  return refusalOf(change, { type: action, ...fields, signed }, { looker, glass })
}

export function reviewRefusal(change: Change, looker: Looker): Refusal | null {
  const mine = signedIn(change, looker, 'decide_change')
  if (!mine.ok) return mine.refusal
  const reason = change.binding.fingerprint
  const fields = { ...mine.value, finding: 'justified', reason, signed: null } as const
  return refusalOf(change, { type: 'review_glass', ...fields }, { looker, glass: NO_GLASS })
}

export function resolveRefusal(change: Change, looker: Looker): Refusal | null {
  const mine = signedIn(change, looker, 'resolve_outcome')
  if (!mine.ok) return mine.refusal
  const { person } = mine.value
  const said = { person, resolution: 'applied', reason: change.binding.fingerprint } as const
  return refusalOf(change, { type: 'resolve_outcome', ...said }, { looker, glass: NO_GLASS })
}

type Mine = Result<{ readonly person: PersonId; readonly assurance: 'session' | 'development' }>

/** Who looks, where it is a person who is here themselves and may ask for it. */
function signedIn(
  { workspace }: Change,
  { actor, access, now }: Looker,
  action: 'decide_change' | 'resolve_outcome',
): Mine {
  if (actor.kind !== 'person')
    return refused({ code: 'not_eligible', slots: [], because: 'not_a_person' })
  if (actor.assurance === 'token') return refused({ code: 'terminal_never_decides' })
  if (!permits(access, actor, { action, on: { workspace }, now }))
    return refused({ code: 'not_permitted', action, needs: whoMay(action) })
  const assurance = actor.assurance === 'development' ? 'development' : 'session'
  return done({ person: actor.id, assurance })
}

function refusalOf(
  change: Change,
  command: Parameters<typeof decide>[1],
  { looker, glass }: { readonly looker: Looker; readonly glass: GlassFacts },
): Refusal | null {
  const { actor, access, now } = looker
  const policyRevision = change.evaluation?.policyRevision ?? 0
  const others = { executing: null, openCount: 0, glass }
  const answer = decide(change, command, {
    now,
    actor: refOf(actor),
    access,
    policyRevision,
    ...others,
  })
  return answer.ok ? null : answer.refusal
}

/** Read only for who is listed and could break it: nobody else's answer depends on it. */
export async function glassFactsFor(
  change: Change,
  { actor, access, now }: Looker,
  services: Services,
): Promise<GlassFacts> {
  if (change.status !== 'held' || actor.kind !== 'person') return NO_GLASS
  if (!access.breakGlass.has(actor.id)) return NO_GLASS
  const changes = []
  for (const id of await brokenGlass(services.database.kysely, now)) {
    const found = await services.gate.change(id)
    if (found !== null) changes.push(found.change)
  }
  const { workspace } = change
  return glassFacts(changes, { person: actor.id, workspace, now })
}
