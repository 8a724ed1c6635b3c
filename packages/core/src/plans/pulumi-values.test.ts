import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BUCKET_URN,
  givenDigest,
  givenPreview,
  givenResource,
  givenState,
  givenStep,
  PROVIDER,
  SECRET_OBJECT,
  UNKNOWN_TEXT,
} from '../../test/pulumi-given.ts'
import { encodePlan } from '../plan-codec.ts'
import { Hidden, UNKNOWN } from '../value.ts'
import { pathSteps } from './pulumi-values.ts'

const MASKED = new Hidden('(sensitive)', 'tool')
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const OUTPUT = { [SIGNATURE]: 'd0e6a833031e9bbcd3f4e8bde6ca49a4' }

test('each way to write a secret is hidden, and each way to write an unknown is unknown', () => {
  const table: readonly (readonly [unknown, unknown])[] = [
    ['[secret]', MASKED],
    [{ ...SECRET_OBJECT, ciphertext: 'AAABAL' }, MASKED],
    [{ ...SECRET_OBJECT, plaintext: '"hunter"' }, MASKED],
    [{ ...SECRET_OBJECT, value: { deep: 'hunter' } }, MASKED],
    [SECRET_OBJECT, MASKED],
    [{ ...OUTPUT, secret: true, value: 'hunter' }, MASKED],
    [{ ...OUTPUT, secret: 'yes', value: 'hunter' }, MASKED],
    [{ ...OUTPUT, secret: false, value: 'plain' }, 'plain'],
    [{ ...OUTPUT, value: UNKNOWN_TEXT }, UNKNOWN],
    [OUTPUT, UNKNOWN],
    [UNKNOWN_TEXT, UNKNOWN],
    ['1c4a061d-8072-4f0a-a4cb-0ff528b18fe7', UNKNOWN],
    [`arn:aws:s3:::${UNKNOWN_TEXT}`, UNKNOWN],
    ['the [secret] is kept', 'the [secret] is kept'],
    [
      { [SIGNATURE]: 'c44067f5952c0a294b673a41bacd8c17', hash: 'h' },
      { [SIGNATURE]: 'c44067f5952c0a294b673a41bacd8c17', hash: 'h' },
    ],
  ]
  for (const [given, value] of table) {
    const newState = givenState({ a: given, list: [given] })
    const { after } = givenResource(givenStep({ newState }))
    assert.deepEqual(after, { a: value, list: [value] }, JSON.stringify(given))
  }
})

test('no secret becomes text anywhere in the plan', () => {
  const secret = { ...SECRET_OBJECT, plaintext: '"hunter"' }
  const outputs = { password: secret, token: 'hunter-two' }
  const state = givenState({ secret }, { outputs, additionalSecretOutputs: ['token'], odd: secret })
  const steps = [
    givenStep({ op: 'refresh', oldState: state, newState: givenState({ secret }) }),
    givenStep({ oldState: state, newState: state, odd: secret }),
    givenStep({ op: 'create', oldState: null, newState: givenState({ other: secret }) }),
  ]
  const plan = givenPreview(givenDigest(steps, { config: { 'a:b': secret } }))

  assert.doesNotMatch(JSON.stringify(encodePlan(plan)), /hunter/)
  assert.deepEqual(plan.resources[0]?.extra['old.outputs'], { password: MASKED, token: MASKED })
  assert.deepEqual(plan.resources[0]?.after, { secret: MASKED })
  assert.equal(plan.drift.length, 1)
})

test('a plan that holds a secret says that its change would not be seen', () => {
  const state = givenState({ password: '[secret]' })
  const plan = givenPreview(givenDigest([givenStep({ oldState: state, newState: state })]))

  assert.deepEqual(plan.warnings, [
    'A preview of Pulumi does not tell whether a secret value changes',
  ])
})

test('times and places in the program are left out', () => {
  const noise = { created: '2026-01-01', modified: '2026-01-02', sourcePosition: 'project:///a' }
  const newState = givenState({}, { ...noise, stackTrace: [{}] })
  const quiet = givenResource(givenStep({ newState: givenState({}) }))

  assert.deepEqual(givenResource(givenStep({ newState })), quiet)
})

test('the id of a provider that does not exist yet is no text', () => {
  const provider = 'urn:pulumi:dev::shop::pulumi:providers:aws::mine'
  const { provider: read } = givenResource(givenStep({ provider: `${provider}::${UNKNOWN_TEXT}` }))

  assert.equal(read, provider)
  assert.equal(givenResource(givenStep()).provider, PROVIDER)
})

test('a property path is its steps, and what is none is one step', () => {
  const table: readonly (readonly [string, readonly unknown[]])[] = [
    ['acl', ['acl']],
    ['tags.Name', ['tags', 'Name']],
    ['a[0][12].b', ['a', 0, 12, 'b']],
    ['a["b.c"]["d\\"e"]', ['a', 'b.c', 'd"e']],
    ['["x"].y', ['x', 'y']],
    ['', []],
    ['a..b', ['a..b']],
    ['a[x]', ['a[x]']],
    ['a["b', ['a["b']],
  ]
  for (const [path, steps] of table) assert.deepEqual(pathSteps(path), steps, path)
})

test('a URN that is none is an address all the same', () => {
  for (const urn of ['x', '::::', `${BUCKET_URN}::more`]) {
    const plan = givenPreview(givenDigest([givenStep({ urn })]))
    assert.equal(plan.resources[0]?.address, urn)
  }
})
