import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange } from '../../test/given.ts'
import { approveLabel, presentActions } from './actions.ts'
import { safeNext } from './next.ts'
import { newPlace, placeText } from './place.ts'
import { count, grouped, initials, list, shortDigest } from './words.ts'

test('lists read as people say them', () => {
  assert.equal(list([], 'or'), '')
  assert.equal(list(['Ada'], 'or'), 'Ada')
  assert.equal(list(['Jonas', 'Ada', 'Ines'], 'or'), 'Jonas, Ada or Ines')
})

test('numbers are grouped and counted', () => {
  assert.equal(grouped(48211), '48\u202f211')
  assert.equal(grouped(1), '1')
  assert.equal(count(1, 'entry', 'entries'), '1 entry')
  assert.equal(count(0, 'file'), '0 files')
})

test('a digest shows its first and last eight digits in groups of four', () => {
  const digest = `7c1e90b4${'0'.repeat(48)}3df052af`
  assert.equal(shortDigest(digest), '7c1e 90b4 … 3df0 52af')
})

test('initials survive odd names', () => {
  assert.equal(initials('Ines Duarte'), 'ID')
  assert.equal(initials('  '), '?')
})

test('the approve button names what happens, worst first', () => {
  assert.equal(
    approveLabel({ update: 3, delete: 1, replace: 1, noop: 9, read: 2 }, 0),
    'Approve: delete 1, replace 1, update 3',
  )
  assert.equal(approveLabel({ noop: 4 }, 0), 'Approve: change no resource')
  assert.equal(approveLabel({ invoke: 2 }, 0), 'Approve: invoke 2')
  assert.equal(approveLabel({ create: 3 }, 1), 'Approve: create 3, run 1 program')
  assert.equal(approveLabel({}, 2), 'Approve: run 2 programs')
})

test('reads and no-ops are not counted as something done', () => {
  assert.deepEqual(presentActions({ read: 1, noop: 3, create: 2 }), [
    { action: 'create', count: 2 },
  ])
})

test('an account is shown in groups, and an unknown one as unknown', () => {
  const { target } = givenChange()
  assert.equal(placeText(target), 'AWS 4021-7735-1180, eu-central-1')
  const unknown = { ...target, principals: [{ provider: 'aws', account: 'unknown' }] }
  assert.equal(placeText(unknown), 'AWS account unknown, eu-central-1')
  assert.equal(
    placeText({ ...target, principals: [], providers: [] }),
    'no cloud account, s3 state at bucket state',
  )
})

test('whose rights a tool acts with stands beside where it acts', () => {
  const { target } = givenChange()
  const settings = { stack: 'shop', 'acts-as': 'arn:aws:iam::402177351180:role/deployer' }

  const text = placeText({ ...target, backend: { type: 'cloudformation', settings } })

  assert.equal(text, 'AWS 4021-7735-1180, eu-central-1, acts as role/deployer')
})

test('signing in leads only to this page’s own addresses', () => {
  assert.equal(safeNext('/c/chg_1?tab=rules'), '/c/chg_1?tab=rules')
  for (const elsewhere of [
    '//evil.test',
    '/\\evil.test',
    'https://evil.test',
    'javascript:x',
    null,
  ])
    assert.equal(safeNext(elsewhere), '/')
})

test('a workspace that is bound to nothing is said aloud, and where its state is that of another', () => {
  const binds = { bindsTarget: true, workspace: { id: 'wsp_1', name: 'pay/prdo' } } as never
  const about = (more: object) => newPlace({ ...givenChange(binds), ...more })

  assert.equal(newPlace(givenChange()), null)
  assert.equal(about({ status: 'applied' }), null)
  assert.equal(
    about({}),
    'pay/prdo is bound to no place yet: its first release binds it to this one.',
  )
  assert.equal(
    about({ sameStateAs: ['pay/prod', null] }),
    'pay/prdo is bound to no place yet: its first release binds it to this one. ' +
      'Its state is already that of pay/prod and one you may not see: is the name misspelt?',
  )
})
