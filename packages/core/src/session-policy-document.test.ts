import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentOf, type PolicyStatement } from './session-policy-document.ts'
import type { Grant } from './session-policy-grants.ts'

/** So much that statements have to be put together; each name with an action of its own. */
const filler = (service: string): readonly Grant[] =>
  Array.from({ length: 19 }, (_, at) => ({
    action: `${service}:Action${at}`,
    resource: `arn:aws:${service}:eu-central-1:111111111111:resource-${at}`,
  }))

const statementsOf = (grants: readonly Grant[]) => documentOf(grants, {}).statements

const permits = (statements: readonly PolicyStatement[], action: string, resource: string) =>
  statements.some((each) => each.actions.includes(action) && each.resources.includes(resource))

test('statements about different services stand together when there is no room', () => {
  const grants = [...filler('aaa').slice(0, 11), ...filler('bbb').slice(0, 11)]
  const statements = statementsOf(grants)

  assert.equal(statements.length, 11)
  for (const { action, resource } of grants) assert.ok(permits(statements, action, resource))
})

test('of one service nothing is permitted on what another statement names', () => {
  const grants = [...filler('aaa').slice(0, 11), ...filler('bbb').slice(0, 11)]
  const statements = statementsOf(grants)

  const [first, second] = grants
  assert.equal(permits(statements, first?.action ?? '', second?.resource ?? ''), false)
})

test('what reaches everything stays apart from what reaches one thing', () => {
  const everywhere = { action: 'ccc:ListAll', resource: '*' }
  for (const name of ['aaa', 'zzz']) {
    const statements = statementsOf([...filler(name), everywhere])

    const own = statements.filter((each) => each.resources.includes('*'))
    assert.deepEqual(own, [{ actions: ['ccc:ListAll'], resources: ['*'], condition: null }])
  }
})

test('what holds under a condition stays apart from what does not', () => {
  const conditional = { action: 'ccc:Tag?ccc:Key=a', resource: 'arn:aws:ccc:::a' }
  const other = { action: 'ddd:Read', resource: 'arn:aws:ddd:::a' }
  for (const name of ['aaa', 'zzz']) {
    const statements = statementsOf([...filler(name).slice(0, 18), conditional, other])

    const own = statements.filter((each) => each.actions.includes('ccc:Tag'))
    assert.deepEqual(own, [
      { actions: ['ccc:Tag'], resources: ['arn:aws:ccc:::a'], condition: 'ccc:Key=a' },
    ])
  }
})

test('a family stands only for two or more of what it matches', () => {
  const families = { 'aaa:Get*': ['aaa:GetOne', 'aaa:GetTwo'] }
  const resource = 'arn:aws:aaa:::a'.padEnd(1_900, 'a')
  const grants = (...names: readonly string[]) =>
    names.map((name) => ({ action: `aaa:${name}`, resource }))

  const both = documentOf(grants('GetOne', 'GetTwo', 'Put'.padEnd(50, 't')), families)
  const one = documentOf(grants('GetOne', 'Put'.padEnd(80, 't')), families)

  assert.deepEqual(both.statements[0]?.actions.slice(0, 1), ['aaa:Get*'])
  assert.equal(one.text.includes('*'), false)
})
