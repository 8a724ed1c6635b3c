import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Plan, type ResourceChange, summarise, UNKNOWN } from '@holdpoint/core'
import { givenPlan, givenResource } from '../../../../test/fixtures/change-given.ts'
import { renderHtml } from './page.ts'
import { VALUES_SHOWN_MAX } from './rows.ts'
import { STYLES } from './styles.ts'

const TOKENS = new URL('../../../web/src/styles/tokens.css', import.meta.url)

function page(resources: readonly ResourceChange[], about: Partial<Plan> = {}): string {
  const plan = givenPlan(resources, about)
  return renderHtml({ plan, summary: summarise(plan), digest: 'ab'.repeat(32) }).join('\n')
}

const database = givenResource({
  address: 'module.db.aws_db_instance.main',
  module: 'module.db',
  type: 'aws_db_instance',
  action: 'delete',
  actions: ['delete'],
  before: { engine: 'postgres', skip_final_snapshot: true, delete_automated_backups: true },
  after: null,
})
const role = givenResource({
  address: 'aws_iam_role.task',
  action: 'update',
  before: { size: 4, arn: 'x' },
  after: { size: 6, arn: UNKNOWN },
})

/** The places of the texts, which must follow one another. */
function assertInOrder(text: string, parts: readonly string[]): void {
  let at = 0
  for (const part of parts) {
    const found = text.indexOf(part, at)
    assert.ok(found >= 0, `${part} does not follow at ${at}`)
    at = found + part.length
  }
}

test('the headline comes first, then what is lost, then counts, then rows worst first', () => {
  assertInOrder(page([role, database]), [
    '<h1>Deletes a database, updates 1 resource</h1>',
    'Stored data will be deleted. No snapshot and no backup remains.',
    '<dt>Final snapshot</dt>',
    '1 delete',
    '1 update',
    '1 decided at apply',
    '<h2>Changes',
    '<b>aws_db_instance.main</b>',
    '<b>aws_iam_role.task</b>',
    'decided at apply',
    'Made from the plan alone: nobody has evaluated or approved anything here.',
  ])
})

test('of several that are lost the worst leads the danger, by count and by name', () => {
  const address = 'aws_db_instance.kept'
  const kept = { ...database, address, before: { skip_final_snapshot: false } }
  assertInOrder(page([kept, database]), [
    'Stored data will be deleted. Of 1 of 2 no snapshot and no backup remains.',
    'aws_db_instance.main',
    'aws_db_instance.kept',
  ])
})

test('the page may fetch nothing and run nothing', () => {
  const text = page([role])

  assert.match(
    text,
    /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-/,
  )
  assert.doesNotMatch(text, /<script|https?:|<link|<img|@import|url\((?!#)/)
})

test('what it reaches stands before the rows, and what it touches after them', () => {
  const ingress = [{ protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: ['0.0.0.0/0'] }]
  const group = givenResource({
    address: 'module.m.aws_security_group.a',
    module: 'module.m',
    type: 'aws_security_group',
    after: { ingress },
  })

  assertInOrder(page([group]), [
    '<h2>What it reaches</h2>',
    '<dt>Opens to the network</dt>',
    'Opens port <span class="mono">22</span> to <span class="mono">0.0.0.0/0</span>',
    '<h2>Changes',
    '<h2>What it touches</h2>',
    'module.m',
  ])
})

test('the picture stands with its list, and says who reads from something destroyed', () => {
  const references = [{ from: role.address, to: database.address, attribute: 'db_arn' }]
  const text = page([role, database], { references })

  assertInOrder(text, [
    '<svg class="graph"',
    'aws_iam_role.task reads module.db.aws_db_instance.main by db_arn',
    'Reads from something destroyed',
    'The same as a list',
    '<b>aws_db_instance.main</b>',
    'needs <span class="mono">module.db.aws_db_instance.main</span> for',
  ])
  assert.doesNotMatch(page([role, database]), /class="graph"/)
})

test('a plan too large to draw is listed by module instead', () => {
  const many = Array.from({ length: 201 }, (_, at) =>
    givenResource({ address: `module.m${at % 2}.a.r${at}`, module: `module.m${at % 2}` }),
  )
  const text = page(many)

  assertInOrder(text, ['Too large to draw usefully', 'module.m0', '101', 'module.m1', '100'])
  assert.doesNotMatch(text, /class="graph"/)
})

test('beyond a bound values are left out, and that is said', () => {
  const creates = Array.from({ length: VALUES_SHOWN_MAX + 5 }, (_, at) =>
    givenResource({ address: `a.r${at}`, after: { name: `value-${at}` } }),
  )
  const text = page([...creates, database])

  assert.match(text, /The values of 6 are left out, but of nothing that is destroyed\./)
  assert.equal(text.match(/New, with 1 attribute set/g)?.length, VALUES_SHOWN_MAX + 5)
  assert.equal(text.match(/<details><summary class="row">/g)?.length, VALUES_SHOWN_MAX)
})

test('of what is destroyed every value is shown, however many are', () => {
  const deletes = Array.from({ length: VALUES_SHOWN_MAX + 5 }, (_, at) =>
    givenResource({ address: `a.r${at}`, action: 'delete', before: { name: 'x' }, after: null }),
  )
  const text = page(deletes)

  assert.doesNotMatch(text, /are left out/)
  assert.equal(text.match(/<details><summary class="row">/g)?.length, VALUES_SHOWN_MAX + 5)
})

test('a plan that changes nothing says so', () => {
  assertInOrder(page([]), ['<h1>Changes nothing</h1>', 'No resource changes here.'])
})

test('every colour is that of the change page', () => {
  const squeeze = (text: string): string => text.replaceAll(/\s/g, '')
  const tokens = squeeze(readFileSync(TOKENS, 'utf8'))
  const used = [...STYLES.source.matchAll(/--[\w-]+:light-dark\([^)]*\)/g)].map(([token]) => token)

  assert.ok(used.length >= 20, `only ${used.length} tokens were found`)
  assert.deepEqual(
    used.filter((token) => !tokens.includes(squeeze(token))),
    [],
  )
})

test('every token that the style uses is there', () => {
  const defined = new Set([...STYLES.source.matchAll(/(--[\w-]+):/g)].map(([, name]) => name))
  const used = [...STYLES.source.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name)

  assert.deepEqual(
    used.filter((name) => !defined.has(name)),
    [],
  )
})

test('every resource that loses data carries what remains of it, however many there are', () => {
  const databases = Array.from({ length: 8 }, (_, at) => {
    return { ...database, address: `module.db.aws_db_instance.n${at}` }
  })
  const text = page(databases)
  const rows = text.slice(text.indexOf('<h2>Changes'))

  assert.equal(rows.match(/<dt>Final snapshot<\/dt>/g)?.length, 8)
})

test('what the tool only forgets is not drawn as removed', () => {
  const text = page([{ ...role, action: 'forget', actions: ['forget'], after: null }])

  assert.doesNotMatch(text, /class="line removed"|<del>/)
  assert.match(text, /<div class="line same">/)
})
