/** Lending one's approvals to somebody, until a time: what is sent and answered. */
import { z } from 'zod'
import { InstantNumber, list, Name, PersonIdText } from './schemas.ts'

export const Lend = z.strictObject({
  /** By handle. */
  to: Name,
  /** `null`: in every team of yours. */
  team: Name.nullable(),
  until: InstantNumber,
})

/** `to`: by handle or id. */
export const EndLending = z.strictObject({ to: Name, team: Name.nullable() })

const Lent = z.strictObject({
  person: PersonIdText,
  name: z.string(),
  team: z.string().nullable(),
  until: InstantNumber,
})

export const LendingView = z.strictObject({
  /** Who stands in for you. */
  lent: list(Lent),
  /** For whom you stand in. */
  borrowed: list(Lent),
  /** Teams of yours, whose approvals you can lend. */
  teams: list(z.string()),
})
