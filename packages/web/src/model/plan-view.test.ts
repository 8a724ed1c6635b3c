import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alsoIn, attributesOf, Hidden, opaqueInPlan, phraseText, UNKNOWN } from '@holdpoint/core'
import { givenChange, planOf, resource } from '../../test/given.ts'
import { dangerOf } from './danger.ts'
import { filterFrom, filterRows, withSetting } from './filter.ts'
import { GROUP_MIN, groupRows } from './groups.ts'
import { rowsOf } from './rows.ts'
import { approveWords } from './sheet.ts'
import { halfInView, shownOf, shownReason } from './shown.ts'

const database = (edit: { readonly [key: string]: boolean | number } = {}, name = 'reporting') =>
  resource({
    address: `module.reporting.aws_db_instance.${name}`,
    type: 'aws_db_instance',
    action: 'delete',
    before: {
      identifier: 'reporting-1',
      engine: 'postgres',
      engine_version: '16.4',
      allocated_storage: 500,
      skip_final_snapshot: true,
      delete_automated_backups: true,
      ...edit,
    },
    after: null,
  })

const update = (name: string, ttl: number) =>
  resource({
    address: `aws_route53_record.${name}`,
    type: 'aws_route53_record',
    action: 'update',
    before: { ttl: 60 },
    after: { ttl },
  })

const rows = (...resources: readonly ReturnType<typeof resource>[]) =>
  rowsOf(planOf(resources), givenChange().findings)

test('rows stand worst first, with the rule that named them', () => {
  const found = rows(update('a', 300), database())

  assert.deepEqual(
    found.map((row) => [row.action, row.module, row.name, row.rules]),
    [
      ['delete', 'module.reporting.', 'aws_db_instance.reporting', ['stateful-destroy']],
      ['update', '', 'aws_route53_record.a', []],
    ],
  )
})

test('a row says what happens to it', () => {
  const [deleted, updated] = rows(update('a', 300), database())
  assert.equal(phraseText(deleted?.effect ?? []), 'Holds data. Gone for good: reporting-1.')
  assert.equal(phraseText(updated?.effect ?? []), 'ttl 60 → 300')
})

test('what comes from the plan is data and never our own text', () => {
  const [row] = rows(update('a', 300))
  const own = row?.effect.filter((part) => part.kind === 'text').map((part) => part.text)
  assert.deepEqual(own, [' ', ' ', '→ '])
})

test('a replacement says what forces it and which comes first', () => {
  const replaced = resource({
    address: 'aws_ecs_task_definition.app',
    type: 'aws_ecs_task_definition',
    action: 'replace',
    before: { cpu: '512', arn: 'x:1' },
    after: { cpu: '1024', arn: UNKNOWN },
    replacePaths: [['cpu']],
  })
  const [row] = rows(replaced)
  assert.equal(
    phraseText(row?.effect ?? []),
    'cpu forces it. New one first, then the old one is removed.',
  )
  assert.deepEqual(attributesOf(replaced).folded, ['arn'])
  assert.equal(attributesOf(replaced).attributes[0]?.forces, true)
})

test('the danger block says that no backup remains only if the plan says so', () => {
  const title = (edit: { readonly [key: string]: boolean }) =>
    dangerOf(givenChange(), planOf([database(edit)]))?.title
  assert.equal(title({}), 'Stored data will be deleted. No snapshot and no backup remains.')
  assert.equal(
    title({ delete_automated_backups: false }),
    'Stored data will be deleted. The plan does not say whether a backup remains.',
  )
  assert.equal(
    title({ skip_final_snapshot: false }),
    'Stored data will be deleted. A final snapshot is taken first.',
  )
})

test('one lost object without a copy leads, with how many there are', () => {
  const kept = database({ skip_final_snapshot: false }, 'kept')
  const danger = dangerOf(givenChange(), planOf([database(), kept]))
  assert.match(danger?.title ?? '', / Of 1 of 2 no snapshot and no backup remains\.$/)
})

test('the danger block names the object and how much it is', () => {
  const [item] = dangerOf(givenChange(), planOf([database()]))?.items ?? []
  assert.equal(item?.address, 'module.reporting.aws_db_instance.reporting')
  assert.deepEqual(item?.facts[0], {
    label: 'What it is',
    value: 'PostgreSQL 16.4, 500 GiB',
    final: false,
  })
})

test('more than five lost objects are counted by type and none is forgotten', () => {
  const many = Array.from({ length: 7 }, (_, at) => database({}, `d${at}`))
  const danger = dangerOf(givenChange(), planOf(many))
  assert.equal(danger?.items.length, 5)
  assert.equal(danger?.more, '7 resources that hold data: 7 × aws_db_instance')
})

test('a change without lost data has no danger block', () => {
  assert.equal(dangerOf(givenChange(), planOf([update('a', 300)])), null)
})

test('hidden and undecided places count once, whichever side has them', () => {
  const secret = (token: string) => new Hidden(token.repeat(64), 'tool')
  const change = resource({
    address: 'aws_x.y',
    type: 'aws_x',
    action: 'update',
    before: { password: secret('a'), url: 'x' },
    after: { password: secret('b'), url: UNKNOWN },
  })
  assert.deepEqual(opaqueInPlan(planOf([change])), { hidden: 1, unknown: 1 })
})

test('characters that do not show are said on the row', () => {
  const [row] = rows(
    resource({
      address: 'aws_x.y',
      type: 'aws_x',
      action: 'update',
      before: { a: 'x' },
      after: { a: 'x\u202Ey' },
    }),
  )
  assert.equal(row?.oddCharacters, true)
})

test('equal changes become one group and the odd one stays outside', () => {
  const equal = Array.from({ length: GROUP_MIN }, (_, at) => update(`r${at + 10}`, 300))
  const items = groupRows(rows(...equal, update('odd', 900)))
  assert.deepEqual(
    items.map((item) => (item.kind === 'group' ? item.rows.length : item.row.name)),
    ['aws_route53_record.odd', GROUP_MIN],
  )
})

test('few equal changes stay rows', () => {
  const equal = Array.from({ length: GROUP_MIN - 1 }, (_, at) => update(`r${at}`, 300))
  assert.ok(groupRows(rows(...equal)).every((item) => item.kind === 'row'))
})

test('filters live in the address and leave it when they are empty', () => {
  const query = withSetting(new URLSearchParams('tab=rules'), 'q', 'REPORTING')
  const found = filterRows(rows(update('a', 300), database()), filterFrom(query))
  assert.deepEqual(
    found.map((row) => row.name),
    ['aws_db_instance.reporting'],
  )
  assert.equal(withSetting(query, 'q', '').toString(), 'tab=rules')
  assert.equal(filterFrom(new URLSearchParams('action=nonsense')).action, null)
})

test('only what was on the screen counts as shown, and the next one is named', () => {
  const found = rows(update('a', 300), database(), database({}, 'second'))
  const none = shownOf(found, new Set())
  assert.deepEqual([none.shown, none.needed.length], [0, 2])
  assert.match(shownReason(none) ?? '', /^0 of 2 were on your screen/)
  const all = shownOf(found, new Set(none.needed))
  assert.equal(shownReason(all), null)
})

test('a tall row counts when it fills half of the screen', () => {
  assert.equal(halfInView({ visible: 40, height: 80, viewport: 800 }), true)
  assert.equal(halfInView({ visible: 39, height: 80, viewport: 800 }), false)
  assert.equal(halfInView({ visible: 400, height: 5000, viewport: 800 }), true)
})

test('the sheet names what is lost', () => {
  assert.equal(approveWords(rows(database())).title, 'You approve that this is deleted')
  assert.equal(approveWords(rows(update('a', 1))).title, 'You approve exactly this change')
})

test('programs, outputs and drift of a plan are listed, because they are in the fingerprint', () => {
  const plan = planOf([], {
    provisioners: [
      { resource: 'a.b', type: 'local-exec', reads: [], when: 'create', config: { command: 'x' } },
    ],
    drift: [update('drifted', 5)],
  })
  assert.deepEqual(
    alsoIn(plan).map((section) => [section.title, section.rows.length]),
    [
      ['Programs that run', 1],
      ['Changed outside', 1],
    ],
  )
})
