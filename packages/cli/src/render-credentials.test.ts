import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CredentialScope, scopeText } from '@holdpoint/core'
import { givenPlan, givenView, NOW } from '../../../test/fixtures/change-given.ts'
import { plainInk } from './render.ts'
import { renderChange } from './render-change.ts'
import { credentialLines, issuedLines } from './render-credentials.ts'
import { clock } from './render-text.ts'

const manner = { ink: plainInk, columns: 80, full: false, now: NOW }
const evaluated = {
  verdict: 'hold',
  allowedBy: null,
  requirement: null,
  policyRevision: 1,
  evaluatedAt: NOW,
} as const

type Scoped = CredentialScope['connections'][number]

function given(about: Partial<Scoped> = {}) {
  const scoped = {
    connection: 'con_0000000000000001' as Scoped['connection'],
    kind: 'aws',
    account: '123456789012',
    identity: 'arn:aws:iam::123456789012:role/apply',
    audience: 'sts.amazonaws.com',
    settings: {},
    seconds: 900,
    narrowed: true,
    because: [],
    policy: '{}',
    state: null,
    statements: [{ actions: ['s3:CreateBucket'], resources: ['arn:aws:s3:::logs'] }],
    ...about,
  } as const
  const scope = scopeText({ v: 1, connections: [scoped] })
  return givenView({ evaluation: { ...evaluated, scope } })
}

test('a narrowed credential shows who it becomes, how long it lives and what it may', () => {
  assert.deepEqual(credentialLines(given(), manner), [
    'Credentials    AWS 123456789012   as arn:aws:iam::123456789012:role/apply',
    '               15 minutes at most, renewed while it runs',
    '               ✓ narrowed to this plan',
    '               may s3:CreateBucket',
    '                 on arn:aws:s3:::logs',
  ])
})

test('one that is not narrowed says so with every reason, and nothing in it moves the terminal', () => {
  const because = ['one\u001b[2K', 'two']
  const view = given({ narrowed: false, policy: null, because, statements: [] })

  const lines = credentialLines(view, manner)

  assert.equal(lines[2], '               ! the whole role, because')
  assert.deepEqual(lines.slice(4), ['                 two'])
  assert.equal(lines.join('').includes('\u001b'), false)
})

test('many statements are cut and counted, and none is left out where it is decided', () => {
  const statements = Array.from({ length: 9 }, (_, at) => ({
    actions: [`s3:Action${at}`],
    resources: ['*'],
  }))
  const view = given({ statements })

  const cut = credentialLines(view, manner)
  const whole = credentialLines(view, { ...manner, full: true })

  assert.equal(cut.at(-1), '               3 statements more; --full shows all')
  assert.equal(whole.filter((line) => line.includes('may s3:')).length, 9)
})

test('credentials are with what is decided, and unreadable ones are not passed over', () => {
  const change = { view: given(), plan: givenPlan([]), checked: true }
  const broken = givenView({ evaluation: { ...evaluated, scope: '{"v":2}' } })

  assert.match(renderChange(change, manner).join('\n'), /narrowed to this plan/)
  assert.deepEqual(credentialLines(broken, manner), ['! its credentials cannot be read here'])
})

test('what was issued says how often, and until when the cloud takes it all the same', () => {
  const until = NOW + 600_000
  const credential = {
    connection: 'con_0000000000000001' as Scoped['connection'],
    kind: 'aws',
    account: '123456789012',
    purpose: 'apply',
    credential: 'c',
    at: NOW,
    until,
    count: 3,
  } as const
  const execution = {
    startedAt: NOW,
    until,
    verifiedBy: 'self_reported',
    revokedAt: NOW,
    revokedBy: { kind: 'person', id: 'per_0000000000000001', name: 'Jonas Weber' },
    revokedBecause: 'wrong account',
    endedAt: null,
    credentials: [credential],
  } as const

  assert.deepEqual(issuedLines({ execution: { ...execution, credentials: [credential] } }, NOW), [
    `! revoked ${clock(NOW, NOW)} by Jonas Weber (wrong account): nothing is issued but what saves the state`,
    `Issued  AWS 123456789012   3 times   AWS honours it until ${clock(until, NOW)}`,
  ])
})
