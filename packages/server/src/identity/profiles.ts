/** Handle, name and addresses of somebody new: kept beside the log, before the entry that names them. */
import type { AccessEvent, PersonId } from '@holdpoint/core'
import { done, type Result, refused } from '../http/handler.ts'
import { randomSalt } from '../io/random-ids.ts'
import type { Services } from '../services.ts'
import { addProfile, eraseProfile } from '../store/texts.ts'
import { type Profile, profileText } from '../views-names.ts'

export type PersonAdded = Extract<AccessEvent, { type: 'person_added' }>

/** Refused where the handle is taken. */
export async function keepProfile(
  person: PersonId,
  profile: Profile,
  services: Services,
): Promise<Result<PersonAdded>> {
  const handle = profile.handle.toLowerCase()
  const addresses = profile.addresses.map((each) => each.trim().toLowerCase())
  const text = profileText({ handle, name: profile.name, addresses })
  const kept = { person, handle, text, salt: randomSalt() }
  const digest = await addProfile(services.database.kysely, kept)
  if (digest === null) return refused({ code: 'already_exists', what: `person ${handle}` })
  return done({ type: 'person_added', person, profile: digest })
}

/** A profile that no entry names would keep its handle taken. */
export async function dropProfile(person: PersonId, services: Services): Promise<void> {
  await eraseProfile(services.database.kysely, person)
}
