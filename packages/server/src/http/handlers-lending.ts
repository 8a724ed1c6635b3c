/** Lending one's own approvals until a time: for oneself only, and never by what lies on a disk. */
import type { lending } from '@holdpoint/api'
import type { AccessEvent, Delegation, PersonId } from '@holdpoint/core'
import type { z } from 'zod'
import type { Services } from '../services.ts'
import { teamsOf } from '../views-access.ts'
import { viewerFor } from './asked.ts'
import { type Ask, done, type Handlers, type Result, refused } from './handler.ts'
import { notAPerson, personOf } from './own.ts'

type LendingHandlers = Pick<Handlers, 'lending' | 'lend' | 'endLending'>
type View = z.input<typeof lending.LendingView>

export function lendingHandlers(services: Services): LendingHandlers {
  return {
    lending: async ({ actor }) => {
      const person = personOf(actor)
      return person === null ? notAPerson() : done(await viewOf({ actor, person }, services))
    },
    lend: async ({ actor, body }) => {
      const from = personOf(actor)
      if (from === null) return notAPerson()
      const { names } = await viewerFor(actor, services)
      const to = names.findByHandle(body.to)
      if (to === null) return refused({ code: 'not_found', what: `person ${body.to}` })
      const { team, until } = body
      const event = { type: 'approvals_delegated', from, to, team, until } as const
      return record({ actor, person: from }, event, services)
    },
    endLending: async ({ actor, body }) => {
      const from = personOf(actor)
      if (from === null) return notAPerson()
      const { access, names } = await viewerFor(actor, services)
      const byId = [...access.people.keys()].find((id) => id === body.to)
      const to = byId ?? names.findByHandle(body.to)
      if (to === null) return refused({ code: 'not_found', what: `person ${body.to}` })
      const event = { type: 'delegation_ended', from, to, team: body.team } as const
      return record({ actor, person: from }, event, services)
    },
  }
}

interface Lender {
  readonly actor: Ask<'lending'>['actor']
  readonly person: PersonId
}

async function record(
  lender: Lender,
  event: AccessEvent,
  services: Services,
): Promise<Result<View>> {
  const command = { type: 'change_access', event } as const
  const answer = await services.gate.handle(lender.actor, { on: 'access', command })
  return answer.ok ? done(await viewOf(lender, services)) : refused(answer.refusal)
}

async function viewOf({ actor, person }: Lender, services: Services): Promise<View> {
  const { access, names, now } = await viewerFor(actor, services)
  const live = access.delegations.filter(({ until }) => now < until)
  const lineOf = (other: PersonId, { team, until }: Delegation) => ({
    person: other,
    name: names.person(other),
    team,
    until,
  })
  return {
    lent: live.flatMap((each) => (each.from === person ? [lineOf(each.to, each)] : [])),
    borrowed: live.flatMap((each) => (each.to === person ? [lineOf(each.from, each)] : [])),
    teams: teamsOf(access, person),
  }
}
