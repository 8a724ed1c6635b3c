/** The sieve's tables, walked by the compiled scan: it lets nothing through that would be hidden. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OUTLINED } from '@holdpoint/core'
import fc from 'fast-check'
import { OutlineParts } from '../../../test/fixtures/outline-parts.ts'
import { SECRET_PIECES } from '../../../test/fixtures/secret-pieces.ts'
import { mayHaveMarker } from '../../core/src/hidden-text.ts'
import { offlineHide } from '../../core/src/hiders.ts'
import { Redactor } from '../../core/src/redact.ts'
import { findSecrets, isSecretName, shapesIn } from '../../core/src/secret-shapes.ts'
import { compiledScan } from './compiled-scan.ts'
import { nodePrimitives, scanPrimitives } from './node.ts'

const { utf8 } = nodePrimitives

/** Whether the sieve catches something in a member of a change, or of an entry itself. */
function isCaught(member: 'after' | 'address', value: string): boolean {
  const written = member === 'after' ? `{"change":{"after":${value}}}` : `{"address":${value}}`
  const scan = compiledScan(utf8(`{"list":[${written}]}`), scanPrimitives)
  const [element] = scan?.members?.get('list')?.elements ?? []
  assert.ok(scan?.outlines && element !== undefined && element.outline !== null, written)
  const parts = new OutlineParts(scan.outlines, { ...element, outline: element.outline }, written)
  return !parts.areOpen(1 << OUTLINED[member])
}

/** Without what is written as an escape: a text that has one is never taken for its own text. */
function unescaped(pieces: readonly string[]): string {
  return pieces.join('').replaceAll(/["\n\\]/g, '')
}

test('what the sieve lets through holds nothing that the closer look finds', () => {
  let found = 0
  const property = fc.property(fc.array(SECRET_PIECES, { maxLength: 6 }), (pieces) => {
    const text = unescaped(pieces)
    const isFound = findSecrets(text, 'x').length > 0 || text.includes('(hidden:')

    if (isFound) found += 1
    assert.ok(isCaught('after', `"${text}"`) || !isFound, text)
  })
  fc.assert(property, { numRuns: 20_000 })
  assert.ok(found > 2_000, `only ${found} with a secret`)
})

test('of an address or a name that the sieve lets through nothing is hidden', () => {
  let found = 0
  let open = 0
  const redactor = new Redactor([], offlineHide)
  const property = fc.property(fc.array(SECRET_PIECES, { maxLength: 8 }), (pieces) => {
    const text = unescaped(pieces)
    const isTaken = isCaught('address', `"${text}"`)
    const isHidden = !redactor.hidesNothingIn({ address: text, reason: null, closer: [text] })

    if (isHidden) found += 1
    if (!isTaken) open += 1
    assert.ok(isTaken || !isHidden, text)
  })
  fc.assert(property, { numRuns: 20_000 })
  assert.ok(found > 1_000 && open > 1_000, `hidden ${found}, open ${open}`)
})

test('no key that holds a secret passes the sieve', () => {
  let found = 0
  const property = fc.property(fc.array(SECRET_PIECES, { maxLength: 6 }), (pieces) => {
    const key = unescaped(pieces)
    if (shapesIn(key).length === 0 && !mayHaveMarker(key)) return
    found += 1
    assert.ok(isCaught('after', `{"${key}":1}`), key)
  })
  fc.assert(property, { numRuns: 20_000 })
  assert.ok(found > 1_000, `only ${found} with a secret`)
})

test('the keys that plans are full of pass the sieve', () => {
  const keys = ['vpc_security_group_ids', 'user_data_replace_on_change', 'secondary_private_ips']
  const likeShapes = ['throughput', 'organization_id', 'authorization', 'physical_table_map']
  for (const key of [...keys, ...likeShapes, 'metadata_options', 'http_tokens', 'cpu_options']) {
    assert.equal(isCaught('after', `{"${key}":1}`), false, key)
  }
})

const WORDS = fc.constantFrom(
  ...['password', 'passwords', 'passwd', 'pwd', 'passphrase', 'secret', 'secrets', 'token', 'key'],
  ...['keys', 'api', 'private', 'access', 'signing', 'apikey', 'connection', 'string', 'binary'],
  ...['material', 'pre', 'shared', 'bearer', 'wo', 'value', 'name', 'id', 'master'],
)

test('no name of a secret passes the sieve, however it is spelled', () => {
  let secret = 0
  const joined = fc.tuple(fc.array(WORDS, { minLength: 1, maxLength: 3 }), fc.nat(3))
  const property = fc.property(joined, ([words, style]) => {
    const name = spelled(words, style)
    const isSecret = isSecretName(name) || name.toLowerCase() === 'value'

    if (isSecret) secret += 1
    assert.ok(!isSecret || isCaught('after', `{"${name}":"x"}`), name)
    assert.ok(!isSecret || isCaught('after', `{"${name}":["x"]}`), name)
  })
  fc.assert(property, { numRuns: 10_000 })
  assert.ok(secret > 1_500, `only ${secret} names of secrets`)
})

function spelled(words: readonly string[], style: number): string {
  if (style === 0) return words.join('_')
  if (style === 1) return words.join('-').toUpperCase()
  if (style === 2) return words.join('.')
  return words
    .map((word, at) => (at === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join('')
}
