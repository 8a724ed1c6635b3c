import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { canonicalText, encodePlan } from '@holdpoint/core'
import { digest, givenChange, planOf, resource } from '../../test/given.ts'
import {
  checkFingerprint,
  fingerprintSeen,
  readInputs,
  readPlan,
  readSource,
  type Seen,
} from './evidence.ts'

const plan = planOf([
  resource({ address: 'a.b', type: 'a', action: 'update', before: { x: 1 }, after: { x: 2 } }),
])
const { tool, workspace, target, flags } = givenChange()
const manifests = {
  source: [{ path: 'main.tf', executable: false, sha256: digest('1') }],
  inputs: [{ kind: 'variable', name: 'size', token: 'ff' }],
} as const
const unsaid: Seen = { tool, workspace, target, flags, said: digest('0'), plan, manifests }
const said = fingerprintSeen(unsaid, nodePrimitives)
const seen: Seen = { ...unsaid, said }

test('the fingerprint of what is shown is the one the server says', () => {
  assert.deepEqual(checkFingerprint(seen, nodePrimitives), { state: 'same', digest: said })
})

test('any part that differs makes it differ', () => {
  const other = planOf([
    resource({ address: 'a.b', type: 'a', action: 'update', before: { x: 1 }, after: { x: 3 } }),
  ])
  const bent: readonly Seen[] = [
    { ...seen, plan: other },
    { ...seen, flags: ['-refresh=false'] },
    { ...seen, tool: 'opentofu' },
    { ...seen, target: { ...target, toolWorkspace: 'other' } },
    { ...seen, manifests: { ...manifests, source: [] } },
    { ...seen, manifests: { ...manifests, inputs: [] } },
    { ...seen, said: digest('9') },
  ]
  for (const each of bent) assert.equal(checkFingerprint(each, nodePrimitives).state, 'differs')
})

test('evidence without a canonical text differs instead of breaking the page', () => {
  const half = planOf([
    resource({ address: 'a.b', type: 'a', action: 'update', before: {}, after: { x: '\ud800' } }),
  ])
  assert.equal(checkFingerprint({ ...seen, plan: half }, nodePrimitives).state, 'differs')
})

test('a plan document is read back as the plan', () => {
  const read = readPlan(canonicalText(encodePlan(plan)))
  assert.deepEqual(read, { ok: true, value: plan })
})

test('what is only nearly a plan or a manifest is refused', () => {
  assert.deepEqual(readPlan('{'), { ok: false, problem: 'the evidence is not JSON' })
  assert.equal(readPlan('{"v":1}').ok, false)
  assert.equal(readSource('{"v":2,"files":[]}').ok, false)
  assert.equal(readSource('{"v":1,"files":[{"path":"x"}]}').ok, false)
  assert.equal(readInputs('{"v":1,"inputs":[{"kind":"other","name":"x","token":"y"}]}').ok, false)
  assert.equal(readInputs('[]').ok, false)
})
