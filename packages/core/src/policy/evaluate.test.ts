import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  givenFacts,
  givenPlan,
  givenPolicy,
  givenResource,
} from '../../../../test/fixtures/policy-given.ts'
import type { Plan } from '../plan.ts'
import { Hidden, UNKNOWN } from '../value.ts'
import type { Policy } from './document.ts'
import { type Evaluated, evaluatePolicy } from './evaluate.ts'
import { NO_FACTS } from './facts.ts'

const NOW = Date.UTC(2026, 2, 27, 9, 0)
const HIDDEN = new Hidden('a'.repeat(64), 'tool')

function evaluate(
  policy: Policy,
  plan: Plan = givenPlan({ resources: [givenResource()] }),
): Evaluated {
  return evaluatePolicy({ policy, plan, facts: givenFacts(), now: NOW })
}

const ALLOW = `
  - name: all
    when: "true"
    allow: true
`
const hold = (name: string, when: string, team: string) => `
  - name: ${name}
    ${when}
    hold: { approvals: [{ from: [team:${team}] }] }
    message: Asks ${team}
`
const deny = (name: string, when: string, more = '') => `
  - name: ${name}
    ${when}
    deny: true
    message: Never
    ${more}
`
const PLATFORM = { from: ['team:platform'], count: 1 }
const requirementOf = (...slots: readonly { from: string[]; count: number }[]) => ({
  slots,
  assurance: 'development',
  expiresSeconds: 86_400,
})

test('a rule that allows is named, and its allow has the life the policy gives it', () => {
  const { trace, ...evaluation } = evaluate(givenPolicy(ALLOW))

  assert.deepEqual(evaluation, {
    verdict: 'allow',
    allowedBy: 'all',
    findings: [
      {
        rule: 'all',
        outcome: 'allow',
        message: 'Allowed by this rule',
        resources: [],
        error: null,
      },
    ],
    requirement: null,
    allowForSeconds: 900,
    releaseForSeconds: 3600,
  })
  assert.deepEqual(trace, [
    { rule: 'all', matched: true, resources: [], errors: [], erredResources: [] },
  ])
})

test('deny beats hold, and hold beats allow', () => {
  const held = evaluate(givenPolicy(ALLOW + hold('h', 'when: "true"', 'dba')))
  assert.equal(held.verdict, 'hold')
  assert.deepEqual(held.requirement, requirementOf({ from: ['team:dba'], count: 1 }))

  const denied = evaluate(
    givenPolicy(ALLOW + hold('h', 'when: "true"', 'dba') + deny('d', 'when: "true"')),
  )
  assert.equal(denied.verdict, 'deny')
  assert.equal(denied.requirement, null)
  assert.deepEqual(
    denied.findings.map((one) => [one.rule, one.outcome]),
    [
      ['all', 'allow'],
      ['h', 'hold'],
      ['d', 'deny'],
    ],
  )
})

test('where no rule matches, the default decides and says so', () => {
  const held = evaluate(givenPolicy(hold('h', 'when: "false"', 'dba')))
  assert.equal(held.verdict, 'hold')
  assert.deepEqual(held.requirement, requirementOf(PLATFORM))
  assert.deepEqual(held.findings, [
    { rule: 'default', outcome: 'hold', message: 'No rule matched', resources: [], error: null },
  ])

  const closed = givenPolicy(' []', 'default: { deny: true, message: Closed }')
  assert.equal(evaluate(closed).verdict, 'deny')

  const open = givenPolicy(' []', 'default: { allow: true }\non_error: deny')
  assert.deepEqual([evaluate(open).verdict, evaluate(open).allowedBy], ['allow', 'default'])
})

test('a match names the resources, and sees nothing that would not be done', () => {
  const plan = givenPlan({
    resources: [
      givenResource({ address: 'a', action: 'delete' }),
      givenResource({ address: 'b', action: 'create' }),
      givenResource({ address: 'c', action: 'delete' }),
      givenResource({ address: 'd', action: 'noop', type: 'aws_db_instance' }),
    ],
  })
  const rules =
    hold('destroys', 'match: resource.action == "delete"', 'dba') +
    deny('database', 'match: resource.type == "aws_db_instance"')

  const evaluation = evaluate(givenPolicy(rules), plan)

  assert.deepEqual(evaluation.findings, [
    { rule: 'destroys', outcome: 'hold', message: 'Asks dba', resources: ['a', 'c'], error: null },
  ])
})

test('a match that allows has to match every resource, and at least one', () => {
  const policy = givenPolicy(`
  - name: buckets
    match: resource.type == "aws_s3_bucket"
    allow: true
`)
  const bucket = givenResource()
  const other = givenResource({ address: 'x', type: 'aws_iam_role' })

  assert.equal(evaluate(policy, givenPlan({ resources: [bucket] })).verdict, 'allow')
  assert.equal(evaluate(policy, givenPlan({ resources: [bucket, other] })).verdict, 'hold')
  assert.equal(evaluate(policy, givenPlan()).verdict, 'hold')
})

test('an erring hold asks its own people and those for errors', () => {
  const policy = givenPolicy(
    ALLOW + hold('acl', 'match: resource.after.acl == "public-read"', 'dba'),
    'default: { allow: true }\non_error: { hold: { approvals: [{ from: [team:sec], count: 2 }] } }',
  )
  const plan = givenPlan({ resources: [givenResource({ after: { acl: HIDDEN } })] })

  const evaluation = evaluate(policy, plan)

  assert.equal(evaluation.verdict, 'hold')
  assert.deepEqual(
    evaluation.requirement,
    requirementOf({ from: ['team:dba'], count: 1 }, { from: ['team:sec'], count: 2 }),
  )
  assert.deepEqual(evaluation.findings.at(-1), {
    rule: 'acl',
    outcome: 'hold',
    message: 'Asks dba',
    resources: ['aws_s3_bucket.data'],
    error: 'reads a value that is hidden',
  })
})

test('an erring deny holds and says what it may be, or denies where its rule says so', () => {
  const plan = givenPlan({ resources: [givenResource({ after: { acl: UNKNOWN } })] })
  const match = 'match: resource.after.acl == "public-read"'

  const held = evaluate(givenPolicy(ALLOW + deny('acl', match)), plan)
  assert.equal(held.verdict, 'hold')
  assert.deepEqual(held.requirement, requirementOf(PLATFORM))
  assert.deepEqual(held.findings.at(-1), {
    rule: 'acl',
    outcome: 'hold',
    message: 'A rule that may forbid this could not be evaluated',
    resources: ['aws_s3_bucket.data'],
    error: 'reads a value that is decided at apply',
  })

  const denied = evaluate(givenPolicy(ALLOW + deny('acl', match, 'on_error: deny')), plan)
  assert.equal(denied.verdict, 'deny')
  assert.deepEqual(denied.findings.at(-1), {
    rule: 'acl',
    outcome: 'deny',
    message: 'Never',
    resources: ['aws_s3_bucket.data'],
    error: 'reads a value that is decided at apply',
  })
})

test('an erring allow does not allow, though another rule does', () => {
  const policy = givenPolicy(`${ALLOW}
  - name: labelled
    when: workspace.labels.tier == "1"
    allow: true
`)

  const evaluation = evaluate(policy)

  assert.equal(evaluation.verdict, 'hold')
  assert.deepEqual(evaluation.requirement, requirementOf(PLATFORM))
  assert.equal(evaluation.findings.at(-1)?.error, 'reads tier, which is not there')
})

test('an offline evaluation without facts errs where a rule reads one', () => {
  const policy = givenPolicy(`
  - name: people
    when: requester.human
    allow: true
`)
  const evaluation = evaluatePolicy({
    policy,
    plan: givenPlan(),
    facts: NO_FACTS,
    now: NOW,
  })

  assert.equal(evaluation.verdict, 'hold')
})

const GAPS: readonly (readonly [string, Partial<Plan>])[] = [
  ['errored', { errored: true }],
  ['incomplete', { complete: false }],
  ['incomplete', { complete: null, tool: 'terraform', toolVersion: '1.11.4' }],
  ['unknown', { resources: [givenResource({ action: 'unknown' })] }],
  ['deferred', { deferred: [{ reason: 'unknown', change: givenResource(), extra: {} }] }],
  ['forget', { resources: [givenResource({ action: 'forget' })] }],
  ['forget', { resources: [givenResource({ action: 'replace', actions: ['create', 'forget'] })] }],
  [
    'provisioners',
    {
      provisioners: [{ resource: 'a', type: 'local-exec', when: 'create', config: {}, reads: [] }],
    },
  ],
  [
    'invoke',
    {
      invocations: [
        {
          ...{ address: 'action.x', type: 'x', provider: 'p', deferred: true, reason: null },
          ...{ config: {}, configSensitive: {}, configUnknown: {}, trigger: null },
        },
      ],
    },
  ],
]

test('no rule and no default allows a plan with a gap that the rule does not accept', () => {
  for (const [gap, part] of GAPS) {
    const held = evaluate(givenPolicy(ALLOW), givenPlan(part))
    assert.equal(held.verdict, 'hold', gap)
    assert.deepEqual(held.requirement, requirementOf(PLATFORM))
    assert.equal(held.findings[0]?.message, `Not accepted by the rule: ${gap}`)

    const accepting = givenPolicy(`${ALLOW.trimEnd()}\n    accept: [${gap}]\n`)
    assert.equal(evaluate(accepting, givenPlan(part)).verdict, 'allow', gap)

    const open = givenPolicy(' []', 'default: { allow: true }\non_error: deny')
    assert.equal(evaluate(open, givenPlan(part)).verdict, 'deny', gap)
  }
})

test('a tool that never says whether its plan is complete is not held for that', () => {
  const policy = givenPolicy(ALLOW)

  for (const [tool, toolVersion] of [
    ['opentofu', '1.12.0'],
    ['terraform', '1.5.7'],
  ] as const)
    assert.equal(
      evaluate(policy, givenPlan({ complete: null, tool, toolVersion })).verdict,
      'allow',
    )
})

test('a mark on an attribute that decides who may see it does not make the change pass', () => {
  const policy = givenPolicy(
    ALLOW +
      deny('acl', 'match: has(resource.after.acl) && resource.after.acl in ["public-read-write"]') +
      deny(
        'cidr',
        'match: has(resource.after.cidr_blocks) && "0.0.0.0/0" in resource.after.cidr_blocks',
      ) +
      deny(
        'public',
        'match: has(resource.after.publicly_accessible) && resource.after.publicly_accessible == true',
      ) +
      deny('star', `match: has(resource.after.policy) && resource.after.policy.contains('"*"')`),
  )
  const open = {
    acl: 'public-read-write',
    cidr_blocks: ['0.0.0.0/0'],
    publicly_accessible: true,
    policy: '{"Action":"*"}',
  }
  for (const [name, value] of Object.entries(open)) {
    const of = (after: typeof value | Hidden | readonly Hidden[]) =>
      evaluate(policy, givenPlan({ resources: [givenResource({ after: { [name]: after } })] }))

    assert.equal(of(value).verdict, 'deny', name)
    assert.equal(of(HIDDEN).verdict, 'hold', name)
    assert.equal(of(Array.isArray(value) ? [HIDDEN] : HIDDEN).verdict, 'hold', name)
  }
})
