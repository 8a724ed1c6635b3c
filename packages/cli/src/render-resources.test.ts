import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effectOf, Hidden, phraseText, UNKNOWN } from '@holdpoint/core'
import { givenPlan, givenResource } from '../../../test/fixtures/change-given.ts'
import { plainInk } from './render.ts'
import { type Manner, resourceRows } from './render-resources.ts'

const manner: Manner = { ink: plainInk, columns: 80, full: false }

test('what destroys stored data comes first and says so', () => {
  const plan = givenPlan([
    givenResource({ address: 'aws_iam_role.task', type: 'aws_iam_role' }),
    givenResource({
      address: 'module.reporting.aws_db_instance.reporting',
      type: 'aws_db_instance',
      action: 'delete',
      actions: ['delete'],
      before: { engine: 'postgres', skip_final_snapshot: true },
      after: null,
    }),
  ])

  assert.deepEqual(resourceRows(plan, manner), [
    '- module.reporting.aws_db_instance.reporting  STORED DATA IS DELETED',
    '    PostgreSQL; the plan does not say whether a backup remains',
    '+ aws_iam_role.task',
  ])
})

test('a replacement names the attribute that forces it and its order', () => {
  const given = { before: { image: 'a' }, after: { image: 'b' }, replacePaths: [['image']] }
  const replace = (actions: readonly string[]) =>
    givenPlan([givenResource({ address: 'a.b', action: 'replace', actions, ...given })])

  assert.deepEqual(resourceRows(replace(['delete', 'create']), manner), [
    '-/+ a.b  forced by image',
  ])
  assert.deepEqual(resourceRows(replace(['create', 'delete']), manner), [
    '+/- a.b  forced by image',
  ])
})

test('an item that is taken out and put in at one place is one cause', () => {
  const resource = givenResource({
    address: 'a.b',
    action: 'replace',
    actions: ['delete', 'create'],
    before: { zones: ['a'] },
    after: { zones: ['b'] },
    replacePaths: [['zones']],
  })

  assert.deepEqual(resourceRows(givenPlan([resource]), manner), ['-/+ a.b  forced by zones[0]'])
})

test('one changed attribute is shown with both values, several by name', () => {
  const one = givenResource({
    address: 'a.one',
    action: 'update',
    before: { count: 4, same: 1 },
    after: { count: 6, same: 1 },
  })
  const many = givenResource({
    address: 'a.two',
    action: 'update',
    before: { a: 1, b: 1, c: 1, d: 1 },
    after: { a: 2, b: 2, c: 2, d: 2 },
  })

  assert.deepEqual(resourceRows(givenPlan([one, many]), manner), [
    '~ a.one  count 4 -> 6',
    '~ a.two  a, b, c and 1 more',
  ])
})

test('what is hidden or undecided is shown as such, never as a blank', () => {
  const resource = givenResource({
    address: 'a.b',
    action: 'update',
    before: { password: new Hidden('a'.repeat(64), 'tool'), arn: 'x' },
    after: { password: new Hidden('b'.repeat(64), 'tool'), arn: UNKNOWN },
  })

  assert.deepEqual(resourceRows(givenPlan([resource]), { ...manner, full: true }), [
    '~ a.b',
    '    arn x -> decided at apply',
    '    password [hidden] -> [hidden]',
  ])
})

test('rows beyond the screen are counted by action, and a destroy is never among them', () => {
  const destroys = Array.from({ length: 12 }, (_, index) =>
    givenResource({ address: `a.gone${index + 10}`, action: 'delete', after: null }),
  )
  const creates = Array.from({ length: 30 }, (_, index) =>
    givenResource({ address: `a.new${index + 10}` }),
  )

  const rows = resourceRows(givenPlan([...creates, ...destroys]), manner)

  assert.equal(rows.filter((row) => row.startsWith('- a.gone')).length, 12)
  assert.equal(rows.at(-1), '+ 30 more creates   (--full)')
  assert.equal(resourceRows(givenPlan(creates), { ...manner, full: true }).length, 30)
})

test('the address of what is destroyed is whole, however long it is', () => {
  const address = `module.${'deep.module.'.repeat(12)}aws_s3_bucket.logs`
  const destroy = givenResource({ address, type: 'aws_s3_bucket', action: 'delete', after: null })
  const update = givenResource({ address, action: 'update', before: { a: 1 }, after: { a: 2 } })

  assert.deepEqual(resourceRows(givenPlan([destroy]), manner), [
    `- ${address}`,
    '    STORED DATA IS DELETED',
    '    the plan does not say whether a backup remains',
  ])
  const [row = ''] = resourceRows(givenPlan([update]), manner)
  assert.ok(row.length <= 80, row)
  assert.match(row, /…/)
})

test('hostile text cannot erase a line or begin another', () => {
  const address = 'a.b\r\u001b[2K\u202eevil\nApplied  all good'
  const [row = '', ...more] = resourceRows(
    givenPlan([givenResource({ address, action: 'delete', after: null })]),
    manner,
  )

  assert.equal(more.length, 0)
  assert.equal(row, '- a.b\\r\\u{001B}[2K\\u{202E}evil\\nApplied  all good  is deleted')
})

test('what acts beside the resources is counted, and programs are shown whole', () => {
  const script = 'curl https://example.test/x\nsh x\u202e'
  const plan = givenPlan([], {
    provisioners: [
      {
        resource: 'a.b',
        type: 'local-exec',
        reads: [],
        when: 'create',
        config: { command: script },
      },
      {
        resource: 'a.c',
        type: 'remote-exec',
        reads: [],
        when: '',
        config: { inline: new Hidden('a'.repeat(64), 'tool'), when: UNKNOWN },
      },
    ],
    deferred: [{ reason: 'unknown', change: givenResource({}), extra: {} }],
  })

  assert.deepEqual(resourceRows(plan, manner), [
    '? runs 2 programs',
    '    a.b local-exec  on create',
    '      command =',
    '        | curl https://example.test/x',
    '        | sh x\\u{202E}',
    '    a.c remote-exec  the plan does not say whether on create or on destroy',
    '      inline = [hidden]',
    '      decided at apply: when',
    '? puts off 1 change   (--full)',
  ])
})

test('shown whole, a new object has every attribute, however long it is', () => {
  const policy = 'x'.repeat(300)
  const created = givenResource({
    address: 'a.new',
    after: { arn: UNKNOWN, open: true, policy, secret: new Hidden('a'.repeat(64), 'tool') },
  })
  const replaced = givenResource({
    address: 'a.old',
    action: 'replace',
    before: { image: 'a', size: 1, same: 1 },
    after: { image: 'b', size: 2, same: 1 },
    replacePaths: [['image']],
  })

  assert.deepEqual(resourceRows(givenPlan([created, replaced]), { ...manner, full: true }), [
    '+/- a.old  forced by image',
    '    image a -> b (forces the replacement)',
    '    size 1 -> 2',
    '+ a.new',
    '    open = true',
    `    policy = ${policy}`,
    '    secret = [hidden]',
    '    decided at apply: arn',
  ])
})

test('fields that this version does not know are told, in short and whole', () => {
  const resource = givenResource({
    address: 'a.b',
    action: 'update',
    before: { a: 1 },
    after: { a: 2 },
    extra: { 'change.zap\r': 1, 'change.before_identity': 1 },
  })
  const told = '    1 field this version does not know: change.zap\\r'

  assert.deepEqual(resourceRows(givenPlan([resource]), manner), ['~ a.b  a 1 -> 2', told])
  assert.deepEqual(resourceRows(givenPlan([resource]), { ...manner, full: true }), [
    '~ a.b',
    told,
    '    a 1 -> 2',
  ])
})

test('shown whole, a text of several lines shows the lines that differ', () => {
  const changed = givenResource({
    address: 'a.b',
    action: 'update',
    before: { script: 'one\ntwo' },
    after: { script: 'one\nthree' },
  })

  assert.deepEqual(resourceRows(givenPlan([changed]), { ...manner, full: true }), [
    '~ a.b',
    '    script changes',
    '      |   one',
    '      | - two',
    '      | + three',
  ])
})

test('a change that also imports or moves the object says so', () => {
  const both = givenResource({
    address: 'a.b',
    action: 'update',
    before: { a: 1 },
    after: { a: 2 },
    previousAddress: 'a.old',
    importing: { id: 'i-1' },
  })

  assert.deepEqual(resourceRows(givenPlan([both]), manner), [
    '~ a.b  was a.old; is imported; a 1 -> 2',
  ])
  assert.equal(
    phraseText(effectOf(both, () => false)),
    'Was a.old before. Imported from i-1. a 1 → 2',
  )
})
