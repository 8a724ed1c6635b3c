/**
 * Passkeys of people, as whoever verifies knows them from the people themselves:
 * `{"per_…": ["<SubjectPublicKeyInfo, base64>"]}`. A file that is not quite that is refused: a pin
 * that is misread would vouch for nobody, or for somebody else.
 */
import { decodeBase64, type PersonId, type PinnedPeople, parsePersonId } from '@holdpoint/core'
import { usage } from './ended.ts'

export function readPins(bytes: Uint8Array, file: string): PinnedPeople {
  const document = parse(bytes)
  if (document === null || typeof document !== 'object' || Array.isArray(document))
    throw wrong(file, 'it is not a JSON object')
  const pins = new Map<PersonId, readonly string[]>()
  for (const [id, keys] of Object.entries<unknown>({ ...document })) {
    const person = parsePersonId(id)
    if (person === null) throw wrong(file, `${id} is no id of a person`)
    if (!Array.isArray(keys) || keys.length === 0) throw wrong(file, `${id} has no list of keys`)
    pins.set(
      person,
      keys.map((key: unknown) => keyOf(key, { file, id })),
    )
  }
  if (pins.size === 0) throw wrong(file, 'it names nobody')
  return pins
}

function keyOf(key: unknown, where: { readonly file: string; readonly id: string }): string {
  if (typeof key === 'string' && key !== '' && decodeBase64(key) !== null) return key
  throw wrong(where.file, `a key of ${where.id} is not base64`)
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}

function wrong(file: string, problem: string) {
  return usage(
    `${file}: ${problem}; expected {"per_…": ["<public key in base64>"]}, as the people themselves ` +
      'read it to you from their page',
  )
}
