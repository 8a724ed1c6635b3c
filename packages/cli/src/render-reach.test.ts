import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNKNOWN, type Value } from '@holdpoint/core'
import { givenPlan, givenResource } from '../../../test/fixtures/change-given.ts'
import { plainInk } from './render.ts'
import { reachLines } from './render-reach.ts'

const manner = { ink: plainInk, columns: 80, full: false }
const full = { ...manner, full: true }

function group(name: string, port: Value, fields = {}) {
  const rule = { protocol: 'tcp', from_port: port, to_port: port, cidr_blocks: ['0.0.0.0/0'] }
  const address = `aws_security_group.${name}`
  return givenResource({
    address,
    type: 'aws_security_group',
    after: { ingress: [rule] },
    ...fields,
  })
}

test('what opens is named, what cannot be compared is counted, and the rest is cut', () => {
  const groups = ['a', 'b', 'c', 'd', 'e'].map((name) => group(name, 22))
  const unclear = group('u', UNKNOWN)
  const plan = givenPlan([...groups, unclear])

  assert.deepEqual(reachLines(plan, manner), [
    'Network  aws_security_group.a  Opens port 22 to 0.0.0.0/0',
    'Network  aws_security_group.b  Opens port 22 to 0.0.0.0/0',
    'Network  aws_security_group.c  Opens port 22 to 0.0.0.0/0',
    '         2 more give access, open a network or protect less   (--full)',
    '? 1 more cannot be compared, and may give access or protect less',
  ])
  const whole = reachLines(plan, full)
  assert.equal(whole.filter((line) => line.includes('Opens port 22')).length, 5)
  assert.ok(whole.includes('?  aws_security_group.u  What it lets in cannot be compared'))
})

test('who reads from something destroyed, and where it acts', () => {
  const database = 'aws_db_instance.d'
  const plan = {
    ...givenPlan([
      givenResource({
        address: database,
        type: 'aws_db_instance',
        action: 'delete',
        before: { arn: 'arn:aws:rds:eu-central-1:123456789012:db:d' },
        after: null,
      }),
      givenResource({ address: 'module.m.a.b', module: 'module.m', after: {} }),
    ]),
    references: [{ from: 'module.m.a.b', to: database, attribute: 'url' }],
    modules: [{ address: 'module.m', source: 'registry/m', version: '1.2.0' }],
  }

  assert.deepEqual(reachLines(plan, manner), [
    'Read by  1 resource that reads from something destroyed: module.m.a.b',
    'Reaches  2 modules, account 123456789012, region eu-central-1',
  ])
  assert.deepEqual(reachLines({ ...plan, referencesCut: true }, full), [
    'Read by  at least 1 resource that reads from something destroyed:',
    '    module.m.a.b  reads aws_db_instance.d',
    'Stored   1 aws_db_instance',
    'Reaches  the root module  1 change',
    'Reaches  module.m  from registry/m 1.2.0  1 change',
    'Accounts 1 123456789012',
    'Regions  1 eu-central-1',
  ])
})

test('nothing to say is no line, and hostile text stays one', () => {
  assert.deepEqual(reachLines(givenPlan([givenResource({ address: 'a.b' })]), manner), [])

  const hostile = group('x\u001b[2K\n', 22)
  for (const how of [manner, full]) {
    for (const line of reachLines(givenPlan([hostile]), how)) {
      assert.ok(
        [...line].every((character) => character.charCodeAt(0) >= 32),
        line,
      )
    }
  }
})
