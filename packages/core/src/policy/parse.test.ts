import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePolicy } from './parse.ts'

const HEAD = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
`

function problemsOf(text: string): readonly string[] {
  const parsed = parsePolicy(text)
  if (parsed.ok) return []
  return parsed.problems.map((one) => `${one.line}:${one.column} ${one.path}: ${one.message}`)
}

const rule = (body: string) =>
  `${HEAD}rules:\n  - name: r\n    ${body.replaceAll('\n', '\n    ')}\n`

const HOLD = 'hold: { approvals: [{ from: [team:dba] }] }\nmessage: m'

test('the sample of a policy is read whole', () => {
  const parsed = parsePolicy(`version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
allow_for: 10m
release_for: 30m
rules:
  - name: additive-in-dev
    when: workspace.labels.env == "dev" && summary.only(["create", "read", "noop"])
    allow: true
    accept: [deferred]
  - name: stateful-destroy
    match: resource.action in ["delete", "replace"]
    hold:
      approvals:
        - { from: [team:platform, team:dba, team:dba], count: 2 }
        - { from: [person:per_0123456789abcdef] }
      assurance: passkey
      expires: 4h
    message: Destroys stored data
  - name: public-bucket
    match: resource.after.acl == "public-read"
    deny: true
    on_error: deny
    message: Opens a bucket to everyone
`)

  assert.ok(parsed.ok)
  const { rules, ...head } = parsed.policy
  assert.deepEqual(head, {
    version: 1,
    fallback: {
      outcome: 'hold',
      message: 'No rule matched',
      requirement: {
        slots: [{ from: ['team:platform'], count: 1 }],
        assurance: 'development',
        expiresSeconds: 86_400,
      },
    },
    onError: {
      outcome: 'hold',
      message: 'A rule could not be evaluated',
      requirement: {
        slots: [{ from: ['team:platform'], count: 1 }],
        assurance: 'development',
        expiresSeconds: 86_400,
      },
    },
    allowForSeconds: 600,
    releaseForSeconds: 1800,
  })
  const plain = rules.map(({ condition, ...rest }) => ({ ...rest, condition: condition.text }))
  assert.deepEqual(plain, [
    {
      name: 'additive-in-dev',
      scope: 'change',
      condition: 'workspace.labels.env == "dev" && summary.only(["create", "read", "noop"])',
      outcome: 'allow',
      accept: ['deferred'],
      message: '',
      hidden: false,
      position: { line: 6, column: 5 },
    },
    {
      name: 'stateful-destroy',
      scope: 'resource',
      condition: 'resource.action in ["delete", "replace"]',
      outcome: 'hold',
      requirement: {
        slots: [
          { from: ['team:dba', 'team:platform'], count: 2 },
          { from: ['person:per_0123456789abcdef'], count: 1 },
        ],
        assurance: 'passkey',
        expiresSeconds: 14_400,
      },
      message: 'Destroys stored data',
      hidden: false,
      position: { line: 10, column: 5 },
    },
    {
      name: 'public-bucket',
      scope: 'resource',
      condition: 'resource.after.acl == "public-read"',
      outcome: 'deny',
      onError: 'deny',
      message: 'Opens a bucket to everyone',
      hidden: false,
      position: { line: 19, column: 5 },
    },
  ])
})

test('every problem is reported at once, in the order of the text', () => {
  const text = `version: 2
default: { allow: true }
alow_for: 5m
rules:
  - name: Bad_Name
    when: summary.delet > 0
    hold: { approvals: [] }
  - name: both
    when: "true"
    match: "true"
    deny: true
    message: Too long a message for the why line, which has sixty characters
`
  assert.deepEqual(problemsOf(text), [
    '1:1 : on_error is missing: who decides on an error, where the default is allow',
    '1:10 version: expected version 1',
    '3:1 alow_for: unknown key alow_for; allowed here are version, default, on_error, allow_for, ' +
      'release_for, rules',
    '5:5 rules[0]: message is missing',
    '5:11 rules[0].name: a name is lower-case words joined by hyphens, at most 200 characters',
    '6:19 rules[0].when: delet is not a word that rules know here',
    '7:24 rules[0].hold.approvals: approvals is empty: a hold needs at least one person',
    '8:5 rules[1]: exactly one of when and match is needed',
    '12:14 rules[1].message: a message has at most 60 characters, not 63',
  ])
})

test('a hold that asks nobody is refused', () => {
  const hold = (approvals: string) =>
    problemsOf(rule(`when: "true"\nhold: { approvals: ${approvals} }\nmessage: m`))

  assert.deepEqual(hold('[]'), [
    '6:24 rules[0].hold.approvals: approvals is empty: a hold needs at least one person',
  ])
  assert.deepEqual(hold('[{ from: [] }]'), [
    '6:33 rules[0].hold.approvals[0].from: from is empty: nobody could fill this slot',
  ])
  assert.deepEqual(hold('[{ from: [team:a], count: 0 }]'), [
    '6:50 rules[0].hold.approvals[0].count: expected a whole number from 1 to 20',
  ])
  assert.deepEqual(hold('[{ from: [a] }]'), [
    '6:34 rules[0].hold.approvals[0].from[0]: expected team:<name>, person:<id> or oncall:<schedule>',
  ])
  assert.deepEqual(hold('[{ from: [team:a] }, { from: [team:a] }]'), [
    '6:45 rules[0].hold.approvals[1]: the same from again: use count to ask for more people',
  ])
})

test('a rule has one outcome, and a hold and a deny say why', () => {
  assert.deepEqual(problemsOf(rule('when: "true"')), [
    '4:5 rules[0]: exactly one of allow, hold and deny is needed',
  ])
  assert.deepEqual(problemsOf(rule('when: "true"\ndeny: true')), [
    '4:5 rules[0]: message is missing',
  ])
  assert.deepEqual(problemsOf(rule('when: "true"\nallow: false')), [
    '6:12 rules[0].allow: expected true',
  ])
  assert.deepEqual(problemsOf(rule(`when: "true"\n${HOLD}\naccept: [forget]`)), [
    '8:13 rules[0].accept: accept belongs to rules that allow',
  ])
  assert.deepEqual(problemsOf(rule('when: "true"\nallow: true\non_error: deny')), [
    '7:15 rules[0].on_error: on_error belongs to rules that deny',
  ])
  assert.deepEqual(problemsOf(rule('when: "true"\nallow: true\naccept: [forgets]')), [
    '7:14 rules[0].accept[0]: expected one of errored, incomplete, unknown, deferred, invoke, ' +
      'forget, provisioners, unbounded, own_credentials',
  ])
})

test('two rules do not share a name', () => {
  const one = `- name: r\n    when: "true"\n    allow: true`

  assert.deepEqual(problemsOf(`${HEAD}rules:\n  ${one}\n  ${one}\n`), [
    '7:11 rules[1].name: another rule is named r too',
  ])
})

test('durations stay below their ceilings', () => {
  const top = (line: string) => problemsOf(`${HEAD}${line}\n`)
  const most = (limit: string) => `expected a duration such as 15m or 4h, at most ${limit}`

  assert.deepEqual(top('allow_for: 15m'), [])
  assert.deepEqual(top('release_for: 1h'), [])
  assert.deepEqual(top('allow_for: 16m'), [`3:12 allow_for: ${most('15m')}`])
  assert.deepEqual(top('allow_for: 0m'), [`3:12 allow_for: ${most('15m')}`])
  assert.deepEqual(top('release_for: 61m'), [`3:14 release_for: ${most('1h')}`])
  assert.deepEqual(top('release_for: 1 h'), [`3:14 release_for: ${most('1h')}`])
  const hold = 'hold: { approvals: [{ from: [team:a] }], expires: 25h }\nmessage: m'
  assert.deepEqual(problemsOf(rule(`when: "true"\n${hold}`)), [
    `6:55 rules[0].hold.expires: ${most('24h')}`,
  ])
})

test('the default may deny, and may allow only with someone to ask on errors', () => {
  const deny = parsePolicy('version: 1\ndefault: { deny: true, message: Closed }\n')
  assert.ok(deny.ok)
  assert.deepEqual(deny.policy.onError, {
    outcome: 'deny',
    message: 'A rule could not be evaluated',
  })

  assert.deepEqual(problemsOf('version: 1\ndefault: { deny: true }\n'), [
    '2:10 default: message is missing',
  ])
  assert.deepEqual(problemsOf('version: 1\ndefault: { allow: true }\non_error: deny\n'), [])
  assert.deepEqual(problemsOf('version: 1\ndefault: { allow: true }\non_error: allow\n'), [
    '3:11 on_error: expected keys with values',
  ])
  assert.deepEqual(problemsOf('version: 1\n'), ['1:1 : default is missing'])
})

test('YAML that means more than it shows is refused', () => {
  const shared = `default: &d { hold: { approvals: [{ from: [team:a] }] } }`

  assert.deepEqual(problemsOf(`version: 1\n${shared}\non_error: *d\n`), [
    '2:13 : anchors are not allowed in a policy',
    '3:11 : aliases are not allowed in a policy',
  ])
  assert.deepEqual(problemsOf(`version: 1\nversion: 1\n`), ['2:1 : Map keys must be unique'])
  assert.equal(problemsOf(`version: !!int 1\ndefault: { allow: true }\n`).length > 0, true)
  assert.deepEqual(problemsOf('version: 1\n---\nversion: 1\n').length > 0, true)
})

test('what is no policy is refused with a sentence', () => {
  assert.deepEqual(problemsOf(''), ['1:1 : the policy is empty'])
  assert.deepEqual(problemsOf('[]'), ['1:1 : expected keys with values'])
  assert.deepEqual(problemsOf('x'.repeat(1_048_577)), ['1:1 : the policy is over 1 MiB'])
  assert.deepEqual(problemsOf('['.repeat(100_000)).length > 0, true)
})

test('a problem inside an expression is placed in the YAML, however the text is written', () => {
  const placed = (condition: string) =>
    problemsOf(`${HEAD}rules:\n  - name: r\n    when: ${condition}\n    allow: true\n`)
  const unknown = 'rules[0].when: nope is not a word that rules know here'

  assert.deepEqual(placed('plan.errored || nope'), [`5:27 ${unknown}`])
  assert.deepEqual(placed('"plan.tool == \\"x\\" || nope"'), [`5:34 ${unknown}`])
  assert.deepEqual(placed('|\n      plan.errored ||\n        nope'), [`7:9 ${unknown}`])
  assert.deepEqual(placed('>-\n      plan.errored\n      || nope'), [`7:10 ${unknown}`])
})
