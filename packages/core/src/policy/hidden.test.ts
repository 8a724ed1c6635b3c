import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  givenFacts,
  givenPlan,
  givenPolicy,
  givenResource,
} from '../../../../test/fixtures/policy-given.ts'
import type { Finding } from '../verdict.ts'
import { evaluatePolicy } from './evaluate.ts'
import { loggedAllower, loggedRule, policyWithoutHidden, withoutHidden } from './hidden.ts'
import { parsePolicy } from './parse.ts'

const NOW = Date.UTC(2026, 2, 27, 9, 0)

const TEXT = `# Who reads this knows what nina watches.
version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } } # platform
rules:
  - name: plain
    when: "true"
    hold: { approvals: [{ from: [team:platform] }] }
    message: Plainly held
  # Catches what left with the old bastion.
  - name: old-bastion
    match: resource.address == "aws_instance.bastion"
    hold: { approvals: [{ from: [team:security] }] }
    hidden: true
    message: Brings the old bastion back
  - name: after-it
    when: "false"
    deny: true
    message: Never
`

function evaluate(rules: string) {
  const plan = givenPlan({ resources: [givenResource()] })
  return evaluatePolicy({ policy: givenPolicy(rules), plan, facts: givenFacts(), now: NOW })
}

test('a finding of a hidden rule says so, and so does one of a rule that erred', () => {
  const { findings } = evaluate(`
  - name: secret
    when: "true"
    hold: { approvals: [{ from: [team:security] }] }
    hidden: true
    message: Secretly held
  - name: erring
    match: resource.after.nothing == 1
    deny: true
    hidden: true
    message: Secretly denied
  - name: plain
    when: "true"
    hold: { approvals: [{ from: [team:platform] }] }
    message: Plainly held
`)

  assert.deepEqual(
    findings.map(({ rule, hidden }) => [rule, hidden]),
    [
      ['secret', true],
      ['erring', true],
      ['plain', undefined],
    ],
  )
})

test('hidden is true or not there: a rule that says otherwise does not load', () => {
  const parsed = parsePolicy(TEXT.replace('hidden: true', 'hidden: false'))

  assert.deepEqual(parsed.ok ? [] : parsed.problems, [
    { line: 13, column: 13, path: 'rules[1].hidden', message: 'expected true' },
  ])
})

test('hidden findings become one for each outcome, which names nothing', () => {
  const finding = (rule: string, about: Partial<Finding> = {}): Finding => ({
    ...{ rule, outcome: 'hold', message: 'Said', resources: ['a.b'], error: null },
    ...about,
  })
  const shown = withoutHidden([
    finding('one', { hidden: true }),
    finding('plain'),
    finding('two', { hidden: true, error: 'it has no value' }),
    finding('three', { hidden: true, outcome: 'deny' }),
  ])

  const told = { message: 'A rule that is not shown to you', resources: [], error: null }
  assert.deepEqual(shown, [
    finding('plain'),
    { rule: '(hidden)', outcome: 'hold', ...told, hidden: true },
    { rule: '(hidden)', outcome: 'deny', ...told, hidden: true },
  ])
})

test('the log names a hidden rule neither as one that held nor as the one that allowed', () => {
  const allowed = evaluate(`
  - name: secret
    when: "true"
    allow: true
    hidden: true
`)

  assert.equal(allowed.allowedBy, 'secret')
  assert.deepEqual(allowed.findings.map(loggedRule), ['(hidden)'])
  assert.equal(loggedAllower(allowed), '(hidden)')
  assert.equal(loggedAllower({ ...allowed, findings: [] }), 'secret')
})

test('a policy is shown without its hidden rules and without what comments say of them', () => {
  const shown = policyWithoutHidden(TEXT)

  assert.doesNotMatch(shown, /bastion|security|nina/)
  assert.match(shown, /^# 1 rule is not shown to you, nor is any comment\.\n/)
  const parsed = parsePolicy(shown)
  assert.ok(parsed.ok)
  assert.deepEqual(
    parsed.policy.rules.map(({ name }) => name),
    ['plain', 'after-it'],
  )
})

test('a policy without hidden rules is shown as it is, and one that cannot be read not at all', () => {
  const plain = TEXT.replace('    hidden: true\n', '')

  assert.equal(policyWithoutHidden(plain), plain)
  assert.equal(
    policyWithoutHidden(`${TEXT}: [`),
    '# This policy cannot be read, so it is not shown.\n',
  )
})
