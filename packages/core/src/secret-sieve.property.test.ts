import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { mayHaveMarker } from './hidden-text.ts'
import { offlineHide } from './hiders.ts'
import { Redactor } from './redact.ts'
import { findSecrets, isSecretName, mayHoldSecret, shapesIn } from './secret-shapes.ts'
import { catchesKey, catchesName, catchesShape, catchesText } from './secret-sieve.ts'

const PIECES = fc.constantFrom(
  ...[
    'AKIA',
    'ASIA',
    'ABCDEFGHIJKLMNOP',
    'ghp_',
    'github_pat_',
    'glpat-',
    'xoxb-',
    'eyJ',
    '.',
    '-',
  ],
  ...['-----BEGIN ', 'PRIVATE KEY-----', 'sk_live_', 'AIza', 'SG.', 'hvs.', 'npm_', 'dop_v1_'],
  ...[
    'AGE-SECRET-KEY-1',
    '://',
    'a:b',
    '@',
    'Bearer ',
    '?sig=',
    '(hidden:',
    'password',
    'PWD',
    '=',
  ],
  ...[
    'Secret',
    'token',
    'api_key',
    'ACCESS-KEY',
    'privateKey',
    'account key',
    ': ',
    '"',
    ' --token ',
  ],
  ...['|\n  ', '\n', '$x', 'p/w'],
  ...['a1B2c3D4', 'xyzw', '0123456789abcdef', 'arn:aws:', ' ', '/', 'ü', 'value'],
)

test('what the sieve lets through holds nothing that the closer look finds', () => {
  let found = 0
  const property = fc.property(fc.array(PIECES, { maxLength: 6 }), (pieces) => {
    const text = pieces.join('')
    const bytes = primitives.utf8(text)
    const isCaught = catchesText(bytes, 0, bytes.length)
    const isFound = findSecrets(text, 'x').length > 0 || text.includes('(hidden:')

    if (isFound) found += 1
    assert.ok(isCaught || !isFound, text)
  })
  fc.assert(property, { numRuns: 20_000 })
  assert.ok(found > 2_000, `only ${found} with a secret`)
})

test('of an address or a name that the sieve lets through nothing is hidden', () => {
  let found = 0
  let open = 0
  const redactor = new Redactor([], offlineHide)
  const property = fc.property(fc.array(PIECES, { maxLength: 8 }), (pieces) => {
    // An entry that is told by its own text has no escapes in it.
    const text = pieces.join('').replaceAll(/["\n\\]/g, '')
    const bytes = primitives.utf8(text)
    const isCaught = catchesShape(bytes, 0, bytes.length)
    const isHidden = !redactor.hidesNothingIn({ address: text, reason: null, closer: [text] })

    if (isHidden) found += 1
    if (!isCaught) open += 1
    assert.ok(isCaught || !isHidden, text)
  })
  fc.assert(property, { numRuns: 20_000 })
  assert.ok(found > 1_000 && open > 1_000, `hidden ${found}, open ${open}`)
})

test('the quick look at one text finds all that the closer look does', () => {
  let found = 0
  const property = fc.property(fc.array(PIECES, { maxLength: 6 }), (pieces) => {
    const text = pieces.join('')
    if (findSecrets(text, 'x').length === 0) return
    found += 1
    assert.ok(mayHoldSecret(text), text)
  })
  fc.assert(property, { numRuns: 20_000 })
  assert.ok(found > 1_000, `only ${found} with a secret`)
})

test('no key that holds a secret passes the sieve', () => {
  let found = 0
  const property = fc.property(fc.array(PIECES, { maxLength: 6 }), (pieces) => {
    const key = pieces.join('')
    const bytes = primitives.utf8(key)
    if (shapesIn(key).length === 0 && !mayHaveMarker(key)) return
    found += 1
    assert.ok(catchesKey(bytes, 0, bytes.length), key)
  })
  fc.assert(property, { numRuns: 20_000 })
  assert.ok(found > 1_000, `only ${found} with a secret`)
})

test('the keys that plans are full of pass the sieve', () => {
  const keys = ['vpc_security_group_ids', 'user_data_replace_on_change', 'secondary_private_ips']
  const likeShapes = ['throughput', 'organization_id', 'authorization', 'physical_table_map']
  for (const key of [...keys, ...likeShapes, 'metadata_options', 'http_tokens', 'cpu_options']) {
    const bytes = primitives.utf8(key)
    assert.equal(catchesKey(bytes, 0, bytes.length), false, key)
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
    const bytes = primitives.utf8(name)
    const isSecret = isSecretName(name) || name.toLowerCase() === 'value'

    if (isSecret) secret += 1
    assert.ok(!isSecret || catchesName(bytes, bytes.length), name)
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
