import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hideParts } from './hidden-text.ts'
import { phraseText } from './phrase.ts'
import { comparePolicies, covers } from './policy-document.ts'
import { Hidden, UNKNOWN, type Value } from './value.ts'

type Fields = { readonly [key: string]: Value }

function allow(action: Value, resource: Value, more: Fields = {}): Fields {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more }
}

function policy(...statements: readonly Value[]): Value {
  return { Version: '2012-10-17', Statement: statements }
}

function said(before: Value | undefined, after: Value | undefined): string {
  const found = comparePolicies(before, after)
  return found.kind === 'same' ? 'same' : `${found.kind}: ${phraseText(found.says)}`
}

const A = 'arn:aws:s3:::a/*'
const B = 'arn:aws:s3:::b/*'
const ROLE = 'arn:aws:iam::123456789012:role/ci'

test('what a document allows more is one sentence', () => {
  const table: readonly (readonly [Value | undefined, Value, string])[] = [
    [policy(allow('s3:PutObject', A)), policy(allow('s3:PutObject', [A, B])), 'on 1 more bucket'],
    [
      policy(allow('s3:Put*', A)),
      policy(allow('s3:PutObject', [B, 'arn:aws:s3:::b'])),
      '1 more bucket',
    ],
    [
      policy(allow('s3:GetObject', A)),
      policy(allow(['s3:GetObject', 's3:PutObject'], A)),
      'Allows s3:PutObject on 1 bucket',
    ],
    [
      undefined,
      policy(allow(['a:B', 'a:C', 'a:D'], '*')),
      'Allows a:B and 2 more actions on every resource',
    ],
    [policy(allow('sqs:*', '*')), policy(allow('*', '*')), 'Allows every action on every resource'],
    [
      undefined,
      policy(allow('kms:Decrypt', 'arn:aws:kms:eu-1:1:key/a')),
      'Allows kms:Decrypt on 1 key',
    ],
    [
      undefined,
      policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ROLE } }),
      `Allows sts:AssumeRole for ${ROLE}`,
    ],
    [undefined, policy(allow('s3:GetObject', A, { Principal: '*' })), 'on 1 bucket for everyone'],
    [undefined, policy(allow('s3:GetObject', A, { Principal: { AWS: '*' } })), 'for everyone'],
    [
      policy(allow('a:B', '*', { Condition: { Bool: { 'aws:Mfa': true } } })),
      policy(allow('a:B', '*')),
      'Loosens the condition on a:B',
    ],
    [
      policy(allow('a:B', '*'), { ...allow('a:C', '*'), Effect: 'Deny' }),
      policy(allow('a:B', '*')),
      'Takes a denial away',
    ],
  ]
  for (const [before, after, words] of table) {
    const sentence = said(before, after)
    assert.ok(sentence.startsWith('wider: ') && sentence.endsWith(words), `${sentence} | ${words}`)
  }
})

test('what allows the same or less is not wider', () => {
  const conditional = allow('a:B', '*', { Condition: { x: 1, y: 2 } })
  const renamed = allow('a:B', '*', { Sid: 'again', Condition: { y: 2, x: 1 } })
  const two = policy(allow(['s3:GetObject', 's3:PutObject'], [A, B]))
  const split = policy(
    allow('s3:GetObject', [A, B], { Sid: 'one' }),
    allow('s3:PutObject', B),
    allow('S3:putobject', A),
  )
  const table: readonly (readonly [Value | undefined, Value | undefined])[] = [
    [two, split],
    [split, two],
    [two, policy(allow('s3:GetObject', A))],
    [policy(allow('*', '*')), two],
    [two, undefined],
    [undefined, undefined],
    [null, ''],
    [policy(conditional), policy(renamed)],
    [policy(allow('a:B', '*')), policy(allow('a:B', '*', { Condition: { x: 1 } }))],
    [JSON.stringify(two), two],
    [policy(), policy({ ...allow('a:B', '*'), Effect: 'Deny' })],
    [
      policy(allow('a:B', '*', { Principal: '*' })),
      policy(allow('a:B', '*', { Principal: { AWS: ROLE } })),
    ],
  ]
  for (const [before, after] of table) {
    assert.equal(said(before, after), 'same', JSON.stringify(after))
  }
})

test('what is hidden, undecided or unreadable cannot be compared, whichever side it is on', () => {
  const clear = policy(allow('a:B', '*'))
  const ranges = [{ start: 30, end: 40 }]
  const hide = () => new Hidden('(sensitive)', 'tool')
  const hidden = hideParts(JSON.stringify(clear), ranges, hide)
  const opaque: readonly Value[] = [
    UNKNOWN,
    new Hidden('(sensitive)', 'tool'),
    hidden,
    'not json',
    '{"Statement":[{"Effect":"Allow","Effect":"Deny","Action":"a:B","Resource":"*"}]}',
    7,
    policy(allow(UNKNOWN, '*')),
    policy(allow('a:B', ['x', new Hidden('t', 'tool')])),
    policy(allow('a:B', '*', { Condition: { a: UNKNOWN } })),
    policy(allow('a:B', '*', { Principal: 7 })),
    policy({ Effect: 'Maybe', Action: 'a:B', Resource: '*' }),
    policy({ Effect: 'Allow', Resource: '*' }),
    policy('x'),
    policy({ Effect: 'Deny', Action: UNKNOWN, Resource: '*' }),
  ]
  for (const value of opaque) {
    const words = 'unclear: What it allows cannot be compared'
    assert.equal(said(clear, value), words, JSON.stringify(value))
    assert.equal(said(value, clear), words, JSON.stringify(value))
    if (typeof value !== 'string' || value === hidden) assert.equal(said(value, value), words)
  }
})

test('grants by what they leave out, changed denials and huge products are unclear', () => {
  const odd = policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })
  const denial = (action: string) => policy({ ...allow(action, '*'), Effect: 'Deny' })
  const many = Array.from({ length: 60 }, (_, at) => `a:B${at}`)

  assert.match(said(undefined, odd), /^unclear: It says what it does not cover/)
  assert.equal(said(odd, odd), 'same')
  assert.equal(said(denial('a:B'), denial('a:C')), 'unclear: What it denies changes')
  assert.equal(said(undefined, policy(allow(many, many))), 'unclear: It allows too much to compare')
})

test('a pattern covers what surely lies in it', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['*', 'anything', true],
    ['s3:*', 's3:Get*', true],
    ['s3:Get*', 's3:*', false],
    ['a*c', 'abbc', true],
    ['a*c', 'abb', false],
    ['a?c', 'abc', true],
    ['a?c', 'a*c', false],
    ['', '', true],
    ['', 'a', false],
    ['a', '', false],
    [`${'*a'.repeat(50)}b`, 'a'.repeat(400), false],
  ]
  for (const [pattern, text, is] of table) assert.equal(covers(pattern, text), is, pattern)
})
