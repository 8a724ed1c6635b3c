/** Broken glass, for which the access of the test has to list the person. */
import type { ChangeEvent } from '../src/change.ts'
import type { BreakFields, ReviewFields } from '../src/change-commands.ts'
import type { PersonId } from '../src/ids.ts'
import { givenDigest, givenKey, givenOpened } from './given.ts'

export function givenBreak(person: PersonId, about: Partial<BreakFields> = {}): BreakFields {
  const { fingerprint } = givenOpened().binding
  const signed = { key: givenKey(person).id, proof: givenDigest('signed statement') }
  const reason = givenDigest('nobody of platform answers')
  return { person, fingerprint, assurance: 'passkey', reason, signed, ...about }
}

export function givenBroken(person: PersonId, about: Partial<BreakFields> = {}): ChangeEvent {
  return { type: 'glass_broken', ...givenBreak(person, about) }
}

export function givenReview(person: PersonId, about: Partial<ReviewFields> = {}): ReviewFields {
  const reason = givenDigest('the database was down')
  return { person, assurance: 'session', finding: 'justified', reason, signed: null, ...about }
}
