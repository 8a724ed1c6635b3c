/** Breaking the glass, and what somebody else says of it afterwards. */
import { type Change, GLASS_REASON_CHARACTERS_MIN } from '@holdpoint/core'
import { keepText } from '../kept.ts'
import type { Services } from '../services.ts'
import { assuranceOf, proveDecision } from '../signed-decision.ts'
import { breakRefusal, glassFactsFor } from '../views-glass.ts'
import { viewerFor } from './asked.ts'
import { type Ask, type Handlers, type Result, refused } from './handler.ts'
import { decidingOn, passCommand, REASON_MIN } from './handlers-people.ts'

type GlassHandlers = Pick<Handlers, 'breakGlass' | 'reviewGlass'>
type Done = Result<{ readonly status: Change['status'] }>

export function glassHandlers(services: Services): GlassHandlers {
  return {
    breakGlass: (ask) => breakGlass(ask, services),
    reviewGlass: (ask) => reviewGlass(ask, services),
  }
}

/** Always with the passkey, in the page: what lies on a disk breaks nothing. */
async function breakGlass(
  { actor, params, body }: Ask<'breakGlass'>,
  services: Services,
): Promise<Done> {
  const asking = { actor, change: params.change, signing: false, action: null }
  const deciding = await decidingOn(asking, services)
  if (!deciding.ok) return deciding
  const { change, person } = deciding.value
  const viewer = await viewerFor(actor, services)
  const unable = breakRefusal(change, viewer, await glassFactsFor(change, viewer, services))
  if (unable !== null) return refused(unable)
  const { fingerprint, signed } = body
  const { id } = person
  const client = 'page'
  const asked = { person: id, type: 'break_glass', change, fingerprint, client, signed } as const
  const proved = await proveDecision(asked, services)
  if (!proved.ok) return proved
  const { statement, vouch } = proved.value
  const { reason } = statement
  if (reason === null)
    return refused({ code: 'reason_required', charactersMin: GLASS_REASON_CHARACTERS_MIN })
  const by = { ...person, assurance: assuranceOf(statement) } as const
  const fields = {
    person: id,
    fingerprint,
    assurance: by.assurance,
    reason,
    signed: vouch,
  } as const
  const command = { type: 'break_glass', ...fields } as const
  return passCommand({ actor: by, change: change.changeId, command }, services)
}

async function reviewGlass(
  { actor, params, body }: Ask<'reviewGlass'>,
  services: Services,
): Promise<Done> {
  const action = 'decide_change'
  const asking = { actor, change: params.change, signing: false, action } as const
  const deciding = await decidingOn(asking, services)
  if (!deciding.ok) return deciding
  const { change, person } = deciding.value
  const { finding, signed } = body
  const { id } = person
  if (signed === null) {
    const reason = await keepText(services.database, body.reason)
    if (reason === null) return refused({ code: 'reason_required', charactersMin: REASON_MIN })
    const { assurance } = person
    const fields = { person: id, assurance, finding, reason, signed: null } as const
    const command = { type: 'review_glass', ...fields } as const
    return passCommand({ actor: person, change: change.changeId, command }, services)
  }
  const type = finding === 'justified' ? 'review_justified' : 'review_not_justified'
  const { fingerprint } = change.binding
  const asked = { person: id, type, change, fingerprint, client: 'page', signed } as const
  const proved = await proveDecision(asked, services)
  if (!proved.ok) return proved
  const { statement, vouch } = proved.value
  const { reason } = statement
  if (reason === null) return refused({ code: 'reason_required', charactersMin: REASON_MIN })
  const by = { ...person, assurance: assuranceOf(statement) } as const
  const fields = { person: id, assurance: by.assurance, finding, reason, signed: vouch } as const
  const command = { type: 'review_glass', ...fields } as const
  return passCommand({ actor: by, change: change.changeId, command }, services)
}
