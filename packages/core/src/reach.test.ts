import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPlan, givenResource } from '../../../test/fixtures/change-given.ts'
import { phraseText } from './phrase.ts'
import type { Plan, ResourceChange } from './plan.ts'
import { reachOf } from './reach.ts'
import { UNKNOWN } from './value.ts'

function opened(name: string, ports: ResourceChange['after']): ResourceChange {
  return givenResource({
    address: `aws_security_group.${name}`,
    type: 'aws_security_group',
    action: 'create',
    before: null,
    after: { ingress: ports },
  })
}

const never = (): boolean => false

const SSH = { protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: ['0.0.0.0/0'] }

function printed(plan: Plan): readonly string[] {
  const { consequences, places } = reachOf(plan, never)
  return [...consequences, ...places].flatMap(({ label, lines }) => {
    return lines.map(({ address, says }) => `${label} | ${address ?? ''} | ${phraseText(says)}`)
  })
}

test('what a plan reaches stands in groups, and a group with nothing to say does not', () => {
  const arn = 'arn:aws:rds:eu-central-1:123456789012:db:d'
  const gone = givenResource({ address: 'a.gone', type: 'a', action: 'delete', before: { arn } })
  const inside = givenResource({ address: 'module.m.a.b', type: 'a', module: 'module.m' })
  const plan = {
    ...givenPlan([opened('x', [SSH]), opened('y', UNKNOWN), gone, inside]),
    references: [{ from: 'module.m.a.b', to: 'a.gone', attribute: 'url' }],
    modules: [{ address: 'module.m', source: './m', version: '1.2.0' }],
  }

  assert.deepEqual(printed(plan), [
    'Opens to the network | aws_security_group.x | Opens port 22 to 0.0.0.0/0',
    'Cannot be compared | aws_security_group.y | What it lets in cannot be compared',
    'Reads what is destroyed | module.m.a.b | reads a.gone',
    'Modules |  | The root module: 3 changes',
    'Modules | module.m | 1 change, from ./m 1.2.0',
    'Accounts and regions |  | Account 123456789012: 1 change names it',
    'Accounts and regions |  | Region eu-central-1: 1 change names it',
  ])
  assert.ok(
    printed({ ...plan, referencesCut: true }).some((line) => line.includes('destroyed, at least')),
  )
})

test('a plan that reaches nothing special says nothing', () => {
  const plan = givenPlan([givenResource({ address: 'a.b', type: 'a', action: 'update' })])
  assert.deepEqual(reachOf(plan, never), { consequences: [], places: [] })
})
