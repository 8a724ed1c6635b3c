import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CALL_KINDS } from '@holdpoint/core'
import { actionOf, actionsOf } from './iam/maintained.ts'
import { ALSO_PRIVILEGES } from './iam/privileges.ts'
import { iamTable, TYPE_SPECS } from './iam-table.ts'

const table = iamTable()
const used = Object.values(table.types).flatMap(({ calls, extras }) => [
  ...CALL_KINDS.flatMap((kind) => Object.values(calls[kind]).flat()),
  ...extras.flatMap(({ actions }) => actions),
])
const names = [...new Set(used.map((action) => action.split('?')[0] ?? ''))]

const detailsOf = (full: string) => {
  const [service = '', name = ''] = full.split(':')
  return { service, ...actionOf(service, name) }
}

test('the table holds the types that are written down, and every action exists', () => {
  assert.ok(Object.keys(TYPE_SPECS).length >= 80)
  assert.deepEqual(Object.keys(table.types), Object.keys(TYPE_SPECS).toSorted())
  assert.ok(names.length > 200, `only ${names.length} actions`)
  for (const name of names) assert.ok(detailsOf(name).name.length > 0)
})

test('an ARN has no part that nobody fills', () => {
  for (const [type, { arns }] of Object.entries(table.types)) {
    for (const arn of Object.values(arns)) {
      assert.match(arn, /^arn:\{@partition\}:/, type)
      assert.equal(/\$|,/.test(arn), false, `${type}: ${arn}`)
    }
  }
})

test('reading calls only read', () => {
  const reads = Object.values(table.types).flatMap(({ calls }) => Object.values(calls.read).flat())
  assert.deepEqual(
    reads.filter((each) => !detailsOf(each).isRead),
    [],
  )
})

test('permissions management, and what is ours to add, are privileges', () => {
  const managed = names.filter((name) => detailsOf(name).isPermissions)
  assert.ok(managed.length >= 5)
  for (const name of managed) assert.ok(table.privileges.includes(name), name)
  for (const name of ALSO_PRIVILEGES) assert.ok(detailsOf(name).name.length > 0)
})

test('a family matches settings of one resource type, all of them and nothing else', () => {
  for (const [pattern, members] of Object.entries(table.families)) {
    const [service = '', start = ''] = pattern.replace('*', '').split(':')
    const all = [...actionsOf(service).values()].filter(({ name }) => name.startsWith(start))

    assert.deepEqual(members, all.map(({ name }) => `${service}:${name}`).toSorted(), pattern)
    assert.ok(all.every(({ isRead }) => isRead))
    const first = all.find(({ on }) => on.length > 0)?.on ?? []
    assert.ok(first.some((type) => all.every(({ on }) => on.length === 0 || on.includes(type))))
  }
})
