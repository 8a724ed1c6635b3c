import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenDigest } from '../test/given.ts'
import { decidePolicy, evolvePolicy, type PolicyRevision } from './policy-revision.ts'

const current: PolicyRevision = { revision: 7, document: givenDigest('seventh') }
const push = (basedOn: number, problems: readonly string[] = []) =>
  decidePolicy(current, {
    type: 'push_policy',
    document: givenDigest('eighth'),
    basedOn,
    problems,
  })
const pushed = (revision: number, basedOn: number) =>
  ({ type: 'policy_pushed', revision, basedOn, document: givenDigest('eighth') }) as const

test('a policy made from the one in force becomes the next revision', () => {
  assert.deepEqual(push(7), { ok: true, events: [pushed(8, 7)] })
})

test('a policy that cannot be read never becomes a revision', () => {
  assert.deepEqual(push(7, ['1:1: not a policy']), {
    ok: false,
    refusal: { code: 'policy_invalid', problems: ['1:1: not a policy'] },
    events: [],
  })
})

test('a policy made from another revision is refused: it would revert what came between', () => {
  for (const basedOn of [6, 8])
    assert.deepEqual(push(basedOn), {
      ok: false,
      refusal: { code: 'policy_moved', basedOn, current: 7 },
      events: [],
    })
})

test('revisions form one row', () => {
  assert.deepEqual(evolvePolicy(current, pushed(8, 7)), {
    revision: 8,
    document: givenDigest('eighth'),
  })
  assert.equal(evolvePolicy(current, pushed(9, 7)), null)
  assert.equal(evolvePolicy(current, pushed(8, 6)), null)
  assert.equal(evolvePolicy(current, pushed(7, 6)), null)
})
