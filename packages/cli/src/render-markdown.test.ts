import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hidden, type Plan, type ResourceChange, summarise, UNKNOWN } from '@holdpoint/core'
import { givenPlan, givenResource } from '../../../test/fixtures/change-given.ts'
import { MARKDOWN_BYTES_MAX, sizeOf } from './markdown-room.ts'
import { renderMarkdown } from './render-markdown.ts'

const DIGEST = 'ab'.repeat(32)

function comment(
  resources: readonly ResourceChange[],
  about: Partial<Plan> = {},
): readonly string[] {
  const plan = givenPlan(resources, about)
  const lines = renderMarkdown({ plan, summary: summarise(plan), digest: DIGEST })
  assert.ok(sizeOf(lines) <= MARKDOWN_BYTES_MAX, `${sizeOf(lines)} bytes`)
  return lines
}

function many(
  count: number,
  edit: (at: number) => Partial<ResourceChange>,
): readonly ResourceChange[] {
  return Array.from({ length: count }, (_, at) => {
    const address = `module.a.aws_x.r${String(at).padStart(5, '0')}`
    return givenResource({ address, ...edit(at) })
  })
}

const deletes = (count: number, pad = '') =>
  many(count, (at) => ({
    address: `module.gone${pad}.aws_x.r${at}`,
    action: 'delete',
    actions: ['delete'],
    before: { name: `r${at}`, text: 'x'.repeat(200) },
    after: null,
  }))

test('a comment says what happens, what is lost, and folds the values', () => {
  const database = givenResource({
    address: 'aws_db_instance.a',
    type: 'aws_db_instance',
    action: 'delete',
    actions: ['delete'],
    reason: 'delete_because_no_resource_config',
    before: { identifier: 'main', skip_final_snapshot: true, delete_automated_backups: true },
    after: null,
  })
  const update = givenResource({
    address: 'a.b',
    action: 'update',
    before: { size: 4, key: new Hidden('a'.repeat(64), 'tool'), arn: 'x', same: 1 },
    after: { size: 6, key: new Hidden('b'.repeat(64), 'tool'), arn: UNKNOWN, same: 1 },
    extra: { 'change.zap': 1 },
  })

  assert.deepEqual(comment([update, database]), [
    '### Deletes a database, updates 1 resource',
    '',
    'Planned by `terraform 1.11.4`: 1 delete, 1 update, 1 hidden, 1 at apply.',
    '',
    '> [!CAUTION]',
    '> **Stored data will be deleted. No snapshot and no backup remains.**',
    '>',
    '> - **Delete** `aws_db_instance.a` Holds data. Gone for good: `main`. It is no longer in the ' +
      'configuration. What it is: `main`, Final snapshot: `None`, Automated backups: ' +
      '`Deleted with it`, Deletion protection: `Not said`.',
    '',
    '<details><summary>1 delete</summary>',
    '',
    '`aws_db_instance.a` Holds data. Gone for good: `main`. It is no longer in the configuration.',
    '',
    '```diff',
    '- delete_automated_backups = true',
    '- identifier = "main"',
    '- skip_final_snapshot = true',
    '```',
    '',
    '</details>',
    '',
    '<details><summary>1 update</summary>',
    '',
    '`a.b` `arn, key, size` change.',
    '',
    '1 field this version does not know: `change.zap`',
    '',
    '```diff',
    '- arn = "x"',
    '+ arn = decided at apply',
    '! key changes, hidden',
    '- size = 4',
    '+ size = 6',
    '  1 value unchanged',
    '```',
    '',
    '</details>',
    '',
    `Digest \`${DIGEST}\``,
  ])
})

test('what does not fit is counted at the top and where it is missing', () => {
  const updates = many(3_000, (at) => ({
    action: 'update',
    before: { ttl: 60, note: 'x'.repeat(60) },
    after: { ttl: at + 100, note: 'y'.repeat(60) },
  }))
  const lines = comment([...updates, ...deletes(1)])

  const cut = lines.find((line) => line.startsWith('**Cut to fit a comment.**')) ?? ''
  const missing = Number(/(\d+) updates/.exec(cut)?.[1])
  const shown = lines.filter((line) => line.startsWith('`module.a.aws_x')).length
  assert.equal(shown + missing, 3_000)
  assert.ok(missing > 2_000 && shown > 100, cut)
  assert.ok(lines.includes(`Not shown: ${missing} updates; the values of 1 update.`))
  assert.ok(lines.indexOf(cut) < lines.findIndex((line) => line.includes('module.gone.aws_x.r0')))
})

test('all that is destroyed is listed, and then other things give way', () => {
  const updates = many(500, () => ({ action: 'update', before: { a: 1 }, after: { a: 2 } }))
  const lines = comment([...updates, ...deletes(900)])

  const named = lines.filter((line) => line.startsWith('- **Delete** `module.gone.aws_x.r'))
  assert.equal(named.length, 900)
  assert.match(lines.join('\n'), /Not shown below: .*the values of \d+ deletes; \d+ updates/)
})

test('where even the names of what is destroyed do not fit, their number says so first', () => {
  const lines = comment(deletes(3_000, 'x'.repeat(60)))

  const named = lines.filter((line) => line.startsWith('- **Delete** `module.gone')).length
  const missing = `${3_000 - named} of 3000 destroyed resources`
  assert.ok(named > 300, `${named} are named`)
  assert.match(lines[4] ?? '', new RegExp(`Cut to fit a comment.*Not shown below: ${missing}`))
  assert.ok(lines.includes(`- **and ${missing}, which do not fit**`))
})

test('one resource with very much in it leaves room for the others', () => {
  const lists = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`k${at}`, 'v'.repeat(999)]),
  )
  const lines = comment([
    givenResource({ address: 'a.large', after: lists }),
    givenResource({ address: 'a.small', after: { name: 'x' } }),
  ])

  assert.ok(lines.includes('  460 more lines, not shown'))
  assert.ok(lines.includes('+ name = "x"'))
})

test('programs stand before what changes, and outputs after it', () => {
  const lines = comment([givenResource({ address: 'a.b' })], {
    provisioners: [
      {
        resource: 'a.b',
        type: 'local-exec',
        reads: [],
        when: 'create',
        config: { command: 'a\nb' },
      },
    ],
    outputs: [
      {
        name: 'url',
        action: 'create',
        actions: ['create'],
        before: null,
        after: 'x',
        beforeSensitive: false,
        afterSensitive: false,
        afterUnknown: false,
        extra: {},
      },
    ],
  })

  const titles = lines.filter((line) => line.startsWith('<details>'))
  assert.deepEqual(titles, [
    '<details><summary>Programs that run: 1</summary>',
    '<details><summary>1 create</summary>',
    '<details><summary>Outputs: 1</summary>',
  ])
  assert.ok(lines.includes('+ command = "a\\nb"'))
})

test('what it reaches is told before the rows, and what it touches after them', () => {
  const open = (name: string) =>
    givenResource({
      address: `aws_security_group.${name}`,
      type: 'aws_security_group',
      after: {
        ingress: [{ protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: ['0.0.0.0/0'] }],
      },
    })
  const lines = comment(
    [
      ...many(12, (at) => open(`g${at}`)),
      givenResource({ address: 'module.m.a.b', module: 'module.m' }),
    ],
    { modules: [{ address: 'module.m', source: './m', version: null }] },
  )

  const at = lines.indexOf('**What it reaches**')
  assert.equal(
    lines[at + 2],
    '- Opens to the network: `aws_security_group.g0` Opens port `22` to `0.0.0.0/0`',
  )
  assert.equal(lines[at + 12], '- Opens to the network: 2 more, not shown')
  assert.match(lines.join('\n'), /Not shown below: 2 of “Opens to the network”/)
  const touches = lines.indexOf('<details><summary>What it touches</summary>')
  assert.ok(at < lines.indexOf('<details><summary>13 creates</summary>'))
  assert.ok(touches > lines.indexOf('<details><summary>13 creates</summary>'))
  assert.ok(lines.includes('- Modules: `module.m` 1 change, from `./m`'))
})

test('warnings are told, and beyond twelve counted', () => {
  const warnings = Array.from({ length: 14 }, (_, at) => `warning ${at}`)
  const lines = comment([], { warnings, errored: true })

  assert.ok(lines.includes('- `The tool ended this plan with an error: it is not whole.`'))
  assert.ok(lines.includes('- and 3 more'))
})

test('a plan that changes nothing is one sentence', () => {
  assert.deepEqual(comment([]), [
    '### Changes nothing',
    '',
    'Planned by `terraform 1.11.4`: no changes.',
    '',
    `Digest \`${DIGEST}\``,
  ])
})

test('what remains of stored data is said of each, however little room there is', () => {
  const databases = (count: number) =>
    many(count, (at) => ({
      address: `aws_db_instance.r${at}`,
      type: 'aws_db_instance',
      action: 'delete',
      actions: ['delete'],
      before: { engine: 'postgres', skip_final_snapshot: true, delete_automated_backups: true },
      after: null,
    }))
  const gone = (lines: readonly string[]) => {
    return lines.filter((line) => /aws_db_instance\.r\d+.*no snapshot and no backup/i.test(line))
  }

  assert.equal(gone(comment(databases(450))).length, 450)
  const few = comment([...deletes(500), ...databases(20)])
  assert.equal(few.filter((line) => line.startsWith('- **Delete** `module.gone')).length, 500)
  assert.equal(few.filter((line) => line.includes('Final snapshot: `None`')).length, 20)
  const shown = comment(databases(3_000)).filter((line) => line.startsWith('- **Delete**'))
  assert.equal(gone(shown).length, shown.length)
})
