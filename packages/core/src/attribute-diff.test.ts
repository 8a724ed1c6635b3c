import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange } from '../../../test/fixtures/terraform-given.ts'
import { type AttributeRow, diffResource } from './attribute-diff.ts'
import { Hidden, type Value } from './value.ts'

function diff(before: unknown, after: unknown, rest: Record<string, unknown> = {}) {
  return diffResource(givenChange({ before, after, ...rest }))
}

function diffValues(before: Value, after: Value) {
  return diffResource({ ...givenChange(), before, after })
}

function sideOf(side: AttributeRow['before']): string {
  return 'text' in side ? side.text : side.kind
}

/** Rows in short: label, effect, old, new. */
function brief(rows: readonly AttributeRow[]): readonly string[] {
  return rows.map((row) => {
    const marks = `${row.forcesReplacement ? '!' : ''}${row.insideJsonText ? '{}' : ''}`
    const how = [row.matchedBy, row.note].filter((word) => word !== null).join(' ')
    const sides = `${sideOf(row.before)} → ${sideOf(row.after)}`
    return `${marks}${row.label} ${row.effect} ${sides} ${how}`.trimEnd()
  })
}

test('what changed is a row and what stayed is a count', () => {
  const { rows, unchanged } = diff(
    { size: 4, name: 'a', gone: true, kept: 1, tags: { b: '1', a: '1' } },
    { size: 6, name: 'a', fresh: 'x', kept: 1, tags: { b: '2', c: '3', a: '1' } },
  )

  assert.deepEqual(brief(rows), [
    'fresh added absent → x',
    'gone removed true → absent',
    'size changed 4 → 6',
    'tags.b changed 1 → 2',
    'tags.c added absent → 3',
  ])
  assert.equal(unchanged, 3)
  assert.equal(rows[3]?.path, '/tags/b')
})

test('on creation and destruction unset attributes are not rows', () => {
  const created = diff(null, { name: 'a', unset: null, empty: [], nested: { b: 1 } })
  const deleted = diff({ name: 'a', unset: null }, null)

  assert.deepEqual(brief(created.rows), [
    'empty added absent → []',
    'name added absent → a',
    'nested.b added absent → 1',
  ])
  assert.deepEqual(brief(deleted.rows), ['name removed a → absent'])
})

test('what forces the replacement comes first, also when it is equal or hidden', () => {
  const { rows, unchanged } = diff(
    { a: 1, engine: 'x', secret: 's', z: { y: 1 } },
    { a: 2, engine: 'x', secret: 's', z: { y: 2 } },
    { replace_paths: [['engine'], ['z', 'y']] },
  )

  assert.deepEqual(brief(rows), ['!engine same x → x', '!z.y changed 1 → 2', 'a changed 1 → 2'])
  assert.equal(unchanged, 1)
})

test('a hidden value says whether it changed, or that nobody can tell', () => {
  const one = new Hidden('1'.repeat(64), 'tool')
  const two = new Hidden('2'.repeat(64), 'detection')
  const offline = new Hidden('(sensitive)', 'tool')

  const { rows } = diffValues(
    { a: one, b: one, c: offline, d: one },
    { a: one, b: two, c: offline, e: two },
  )

  assert.deepEqual(
    rows.map(({ label, effect }) => `${label} ${effect}`),
    ['a same', 'b changed', 'c undetermined', 'd removed', 'e added'],
  )
  assert.deepEqual(rows[1]?.after, { kind: 'hidden', by: 'detection' })
})

test('an undecided value was a value, and is never shown as removed', () => {
  const { rows } = diff({ id: 'i-1' }, {}, { after_unknown: { id: true, arn: true } })

  assert.deepEqual(brief(rows), ['arn added absent → unknown', 'id changed i-1 → unknown'])
})

test('one rule in front of others is one addition', () => {
  const rule = (port: number) => ({ port, cidr: '10.0.0.0/8' })

  const { rows } = diff({ ingress: [rule(1), rule(2)] }, { ingress: [rule(0), rule(1), rule(2)] })

  assert.deepEqual(brief(rows), [
    'ingress[0].cidr added absent → 10.0.0.0/8',
    'ingress[0].port added absent → 0',
  ])
})

test('elements with names are compared by name', () => {
  const { rows, unchanged } = diff(
    {
      list: [
        { name: 'a', v: 1 },
        { name: 'b', v: 1 },
      ],
    },
    {
      list: [
        { name: 'b', v: 2 },
        { name: 'a', v: 1 },
        { name: 'c', v: 1 },
      ],
    },
  )

  const oldList = '[{"name": "a", "v": 1}, {"name": "b", "v": 1}]'
  const newList = '[{"name": "b", "v": 2}, {"name": "a", "v": 1}, {"name": "c", "v": 1}]'
  assert.deepEqual(brief(rows), [
    `list changed ${oldList} → ${newList} name order`,
    'list["b"].v changed 1 → 2',
    'list["c"].name added absent → c',
    'list["c"].v added absent → 1',
  ])
  assert.equal(unchanged, 3)
})

test('texts in lists are added and removed, and order alone is said', () => {
  const changed = diff({ l: ['a', 'b'] }, { l: ['c', 'b'] })
  const turned = diff({ l: ['a', 'b'] }, { l: ['b', 'a'] })

  assert.deepEqual(brief(changed.rows), [
    'l[0] added absent → c content',
    'l[0] removed a → absent content',
  ])
  assert.deepEqual(brief(turned.rows), ['l changed ["a", "b"] → ["b", "a"] content order'])
})

test('JSON in a text is compared as data', () => {
  const policy = (action: string) => ({
    Statement: [{ Sid: 'x', Action: action, Effect: 'Allow' }],
  })
  const before = JSON.stringify(policy('s3:Get'))

  const changed = diff({ policy: before }, { policy: JSON.stringify(policy('s3:*'), null, 2) })
  const formatted = diff({ policy: before }, { policy: JSON.stringify(policy('s3:Get'), null, 2) })

  assert.deepEqual(brief(changed.rows), ['{}policy.Statement["x"].Action changed s3:Get → s3:*'])
  assert.equal(formatted.rows.length, 1)
  assert.equal(formatted.rows[0]?.note, 'formatting')
})

test('JSON that says more than its data stays text', () => {
  const twice = '{"Effect":"Allow","Effect":"Deny"}'

  const { rows } = diff({ p: twice }, { p: '{"Effect":"Deny"}' })

  assert.deepEqual(brief(rows), [`p changed ${twice} → {"Effect":"Deny"}`])
})

test('a text of several lines is compared line by line', () => {
  const { rows } = diff({ t: 'a\nb\nc' }, { t: 'a\nx\nc' })
  const spaces = diff({ t: 'a\nb' }, { t: 'a\n  b' })

  assert.deepEqual(rows[0]?.lines, [
    { kind: 'same', text: 'a' },
    { kind: 'removed', text: 'b' },
    { kind: 'added', text: 'x' },
    { kind: 'same', text: 'c' },
  ])
  assert.equal(spaces.rows[0]?.note, 'white space')
})

test('on import what already matches is open', () => {
  const { rows, unchanged } = diff(
    { a: 1, b: null },
    { a: 1, b: null },
    { actions: ['no-op'], importing: { id: 'x' } },
  )

  assert.deepEqual(brief(rows), ['a same 1 → 1'])
  assert.equal(unchanged, 1)
})

test('labels quote keys that are no names', () => {
  const { rows } = diff({ tags: {} }, { tags: { 'a b': 1, 'x.y': 2, ok: 3 } })

  assert.deepEqual(
    rows.map((row) => row.label),
    ['tags["a b"]', 'tags.ok', 'tags["x.y"]'],
  )
})

test('elements with hidden parts are not called reordered where nobody can tell', () => {
  const offline = new Hidden('(sensitive)', 'tool')
  const one = { pin: offline, size: 1 }
  const two = { pin: offline, size: 2 }

  const { rows } = diffValues({ l: [one, two] }, { l: [two, one] })

  assert.deepEqual(
    rows.map(({ label, effect, note }) => [label, effect, note]),
    [
      ['l[0].pin', 'undetermined', null],
      ['l[0].size', 'changed', null],
      ['l[1].pin', 'undetermined', null],
      ['l[1].size', 'changed', null],
    ],
  )
})
