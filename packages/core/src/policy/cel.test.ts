import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenFacts, givenPlan, givenResource } from '../../../../test/fixtures/policy-given.ts'
import { Hidden, NumberText, UNKNOWN, type Value } from '../value.ts'
import { type Answer, createCompiler, type Scope } from './cel.ts'
import { changeVariables, NO_FACTS, viewResource } from './facts.ts'

const compile = createCompiler()
const HIDDEN = new Hidden('a'.repeat(64), 'tool')
const FRIDAY = Date.UTC(2026, 2, 27, 15, 30)

/** What a `match` gives over one resource with these attributes: true, false, or the reason. */
function ask(text: string, after: Value = {}, now = FRIDAY): boolean | string {
  const change = givenResource({ after })
  const plan = givenPlan({ resources: [change] })
  const compiled = compile(text, 'resource')
  assert.ok(compiled.ok, `${text} does not compile`)
  const variables = changeVariables({ plan, facts: givenFacts(), now })
  return plain(
    compiled.expression.evaluate({ ...variables, resource: viewResource(change) }, change),
  )
}

function plain(answer: Answer): boolean | string {
  return answer.ok ? answer.value : answer.reason
}

function refusals(text: string, scope: Scope = 'resource'): readonly string[] {
  const compiled = compile(text, scope)
  return compiled.ok ? [] : compiled.problems.map((one) => `${one.offset}: ${one.message}`)
}

const QUESTIONS = [
  'resource.after.x == "a"',
  'resource.after.x != "a"',
  '"a" == resource.after.x',
  'resource.after.x == null',
  'resource.after.x == true',
  'resource.after.x < 5',
  'resource.after.x >= "a"',
  'resource.after.x + 1 == 2',
  '-resource.after.x == 1',
  '!resource.after.x',
  'resource.after.x',
  'resource.after.x ? true : false',
  'resource.after.x in ["a"]',
  '"a" in resource.after.x',
  'resource.after.x.contains("a")',
  'resource.after.x.startsWith("a")',
  'size(resource.after.x) == 1',
  'resource.after.x.size() == 1',
  'string(resource.after.x) == "a"',
  'int(resource.after.x) == 1',
  'dyn(resource.after.x) == 1',
  'json(resource.after.x).a == 1',
  're2(resource.after.x, "a")',
  'glob(resource.after.x, "a")',
  'cidrContains("0.0.0.0/0", resource.after.x)',
  'resource.after.x.y == 1',
  'resource.after.x[0] == 1',
  'resource.after[resource.after.x] == 1',
  'has(resource.after.x.y)',
  'resource.after.x.exists(e, e == "a")',
  'resource.after.x.all(e, true)',
  'resource.after.x.map(e, e).size() == 0',
  '[resource.after.x] == ["a"]',
  '"a" in [resource.after.x]',
  '{"k": resource.after.x} == {"k": "a"}',
  '{resource.after.x: 1}.a == 1',
  '{"k": resource.after.x}.k == "a"',
  '[[resource.after.x]][0][0] == "a"',
  '["b"].map(e, resource.after.x) == ["a"]',
  '["b"].exists(e, e == resource.after.x)',
  '[resource.after.x].filter(e, e == "a").size() == 0',
  '[resource.after.x].exists_one(e, e == "a")',
  '["a", resource.after.x].join() == "a"',
]

test('a hidden or undecided value answers no question: every one is an error, never false', () => {
  for (const question of QUESTIONS) {
    assert.equal(ask(question, { x: HIDDEN }), 'reads a value that is hidden', question)
    assert.equal(ask(question, { x: UNKNOWN }), 'reads a value that is decided at apply', question)
  }
})

test('a list or map that holds a hidden value compares with nothing', () => {
  const after = { list: ['a', HIDDEN], map: { k: HIDDEN, l: '1' }, deep: [{ a: [HIDDEN] }] }
  const hidden = 'reads a value that is hidden'

  for (const question of [
    'resource.after.list == ["a"]',
    'resource.after.list != []',
    'resource.after.map == {"k": "1"}',
    '"z" in resource.after.list',
    'resource.after.deep == []',
    'resource.after.deep in [[]]',
    'resource.after.list + ["b"] == []',
    'resource.after.list.exists(e, e == "b")',
    'resource.after.list.map(e, e) == ["a"]',
  ])
    assert.equal(ask(question, after), hidden, question)
})

test('a definite answer stands beside a hidden one', () => {
  const after = { list: ['a', HIDDEN, 'c'], map: { k: HIDDEN, l: '1' } }

  assert.equal(ask('"c" in resource.after.list', after), true)
  assert.equal(ask('resource.after.list.exists(e, e == "c")', after), true)
  assert.equal(ask('resource.after.list.all(e, e == "a")', after), false)
  assert.equal(ask('resource.after.map.l == "1"', after), true)
  assert.equal(ask('"k" in resource.after.map', after), true)
  assert.equal(ask('"z" in resource.after.map', after), false)
  assert.equal(ask('size(resource.after.list) == 3', after), true)
  assert.equal(ask('resource.after.map.k == "1" || true', after), true)
  assert.equal(ask('resource.after.map.k == "1" && false', after), false)
  assert.equal(ask('resource.after.map.k == "1" && true', after), 'reads a value that is hidden')
})

test('has, sensitive, unknown and changed answer about the place of a hidden value', () => {
  const after = { x: HIDDEN, u: [UNKNOWN], m: { 'a.b': HIDDEN } }

  assert.equal(ask('has(resource.after.x)', after), true)
  assert.equal(ask('has(resource.after.y)', after), false)
  assert.equal(ask('has(resource.before.y)', after), false)
  assert.equal(ask('sensitive("x") && !sensitive("y") && !sensitive("u")', after), true)
  assert.equal(ask('unknown("u") && unknown("u.0") && !unknown("x")', after), true)
  assert.equal(ask('changed("x") && !changed("y")', after), true)
  assert.equal(ask(String.raw`sensitive(r"m.a\.b") && sensitive("m.*")`, after), true)
})

test('a text with a hidden part is opaque, and JSON around it stays readable', () => {
  const marker = `(hidden:${'b'.repeat(64)})`
  const policy = `{"Sid":"${marker}","Statement":[{"Action":"*"}]}`
  const partly = 'reads a text of which a part is hidden'

  assert.equal(ask('resource.after.p.contains("Action")', { p: policy }), partly)
  assert.equal(ask('json(resource.after.p).Statement[0].Action == "*"', { p: policy }), true)
  assert.equal(ask('json(resource.after.p).Sid == "a"', { p: policy }), partly)
  assert.equal(ask('resource.after.p == "(hidden:x)"', { p: '(hidden::x)' }), true)
})

test('a fact that nobody told is an error', () => {
  const unknown = 'reads a fact that is not known here'
  const variables = changeVariables({ plan: givenPlan(), facts: NO_FACTS, now: FRIDAY })
  for (const text of [
    'workspace.labels.env == "dev"',
    '"env" in workspace.labels',
    'has(workspace.labels.env)',
    'workspace.firstChange',
    'requester.human',
    'requester.kind == "agent"',
    '"sre" in requester.teams',
    'source.fileCount > 3',
    'runner.trust != "managed"',
  ]) {
    const compiled = compile(text, 'change')
    assert.ok(compiled.ok, text)
    assert.equal(plain(compiled.expression.evaluate(variables, null)), unknown, text)
  }
})

test('an absent label or attribute is an error, and has() and in ask for it', () => {
  assert.equal(ask('workspace.labels.tier == "1"'), 'reads tier, which is not there')
  assert.equal(ask('resource.after.acl == "private"'), 'reads acl, which is not there')
  assert.equal(ask('"tier" in workspace.labels'), false)
  assert.equal(ask('has(workspace.labels.env) && workspace.labels.env == "dev"'), true)
})

test('an error quotes words of the rule and never a value', () => {
  const after = { key: 'hunter2' }

  assert.equal(
    ask('resource.after[resource.after.key] == 1', after),
    'reads something that is not there',
  )
  assert.equal(ask('bool(resource.after.key)', after), 'could not be evaluated')
  assert.equal(ask('json(resource.after.key) == 1', after), 'reads a text as JSON that is not JSON')
})

test('numbers compare exactly and keep integers apart from doubles', () => {
  const after = {
    eleven: 11,
    half: 0.5,
    close: new NumberText('22.00000000000000001'),
    big: new NumberText('9007199254740993'),
    zeros: new NumberText('11.0'),
  }

  assert.equal(ask('resource.after.eleven == 11 && resource.after.eleven + 1 == 12', after), true)
  assert.equal(ask('resource.after.eleven % 2 == 1 && resource.after.half == 0.5', after), true)
  assert.equal(ask('resource.after.close == 22 || resource.after.close == 22.0', after), false)
  assert.equal(ask('resource.after.close > 22 && resource.after.close < 22.1', after), true)
  assert.equal(ask('resource.after.close <= 22 || 23 <= resource.after.close', after), false)
  assert.equal(ask('resource.after.big == 9007199254740993', after), true)
  assert.equal(ask('resource.after.big == 9007199254740992', after), false)
  assert.equal(ask('resource.after.zeros == 11', after), true)
  const misfit = 'compares or combines values of types that do not fit'
  assert.equal(ask('resource.after.close + 1 == 23', after), misfit)
  assert.equal(ask('resource.after.close > "a"', after), misfit)
})

test('a name such as constructor is an attribute like any other', () => {
  const after = { tags: JSON.parse('{"constructor":"a","__proto__":"b"}') }

  assert.equal(ask('resource.after.tags.constructor == "a"', after), true)
  assert.equal(ask('has(resource.after.tags.hasOwnProperty)', after), false)
  assert.equal(
    ask('resource.after.tags.toString == 1', after),
    'reads toString, which is not there',
  )
})

test('days and hours are those of the zone, on both sides of a clock change', () => {
  const friday = 'now.getDayOfWeek("Europe/Berlin") == 5 && now.getHours("Europe/Berlin")'

  assert.equal(ask(`${friday} == 16`, {}, Date.UTC(2026, 2, 27, 15, 30)), true)
  assert.equal(ask(`${friday} == 17`, {}, Date.UTC(2026, 3, 3, 15, 30)), true)
  assert.equal(ask('now.getHours("+05:30") == 21 && now.getMinutes("+05:30") == 0'), true)
  assert.equal(ask('now.getHours() == 15 && now.getDayOfYear() == 85 && now.getMonth() == 2'), true)
  assert.equal(ask('now.getDate("Pacific/Kiritimati") == 28'), true)
  assert.equal(ask('timestamp("2026-03-27T00:00:00Z") < now'), true)
  assert.equal(ask('timestamp("2026-03-27T00:00:00.000") < now'), 'reads a time without its zone')
})

test('what no rule may say is refused when it is loaded, with its place', () => {
  assert.deepEqual(refusals('resource.stateful'), ['9: stateful is not in this version'])
  assert.deepEqual(refusals('openTo(resource, 22)'), ['0: openTo() is not in this version'])
  assert.deepEqual(refusals('true && plan.tool.matches("a")'), [
    '8: matches() can take forever on a hostile text: use re2(text, pattern)',
  ])
  assert.deepEqual(refusals('bytes("a").size() == 1'), [
    '0: bytes() is not a function that rules know',
  ])
  assert.deepEqual(refusals('cel.bind(x, 1, x == 1)'), [
    '0: bind() is not a function that rules know',
  ])
  assert.deepEqual(refusals('1u == 1u')[0], '0: bytes and unsigned numbers are not in this version')
  assert.deepEqual(refusals('resource.actoin == "x"'), [
    '9: actoin is not a word that rules know here',
  ])
  assert.deepEqual(refusals('has(resource.aftr.x)'), [
    '13: aftr is not a word that rules know here',
  ])
  assert.deepEqual(refusals('plan.resources.exists(r, r.typ == "x")'), [
    '27: typ is not a word that rules know here',
  ])
  assert.deepEqual(refusals('resource.name == "a"', 'change'), [
    '0: resource is not a word that rules know here',
  ])
  assert.deepEqual(refusals('changed("x")', 'change'), [
    '0: changed() asks about one resource: use match in place of when',
  ])
  assert.deepEqual(refusals('summary.create'), [
    '0: a condition must be true or false, this one is of type int',
  ])
  assert.deepEqual(refusals('now.getHours("Mars/Base") == 1'), ['0: Mars/Base is not a time zone'])
  assert.deepEqual(refusals('re2("a", "(")').length, 1)
  assert.deepEqual(refusals('re2("a", plan.tool)'), [
    '0: re2() takes its pattern as a literal text',
  ])
  assert.deepEqual(refusals('summary.only(["craete"])').length, 1)
  assert.deepEqual(refusals('sensitive("a..b")'), ['0: a..b is not a path'])
  assert.deepEqual(refusals(`${'('.repeat(500)}true${')'.repeat(500)}`).length, 1)
})

test('an expression that takes too many steps ends in an error', () => {
  const list = `[${Array.from({ length: 200 }, (_, at) => at).join(',')}]`
  const deep = `${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c >= 0)))`

  assert.equal(ask(deep), 'takes too many steps')
  assert.equal(ask(`${list}.all(a, a >= 0)`), true)
})

test('the functions of rules do what they say', () => {
  const after = { p: '{"S":[{"A":["s3:*"]}]}', t: 'prod-eu-1', dup: '{"a":1,"a":2}' }

  assert.equal(ask('json(resource.after.p).S.exists(s, "s3:*" in s.A)', after), true)
  assert.equal(
    ask('json(resource.after.dup).a == 1', after),
    'reads a text as JSON that is not JSON',
  )
  assert.equal(
    ask('glob(resource.after.t, "prod-*-?") && !glob(resource.after.t, "*-eu")', after),
    true,
  )
  assert.equal(ask('re2(resource.after.t, "^prod-(eu|us)-[0-9]$")', after), true)
  assert.equal(ask('cidrContains("10.0.0.0/8", "10.2.0.0/16")'), true)
  assert.equal(ask('cidrContains("10.0.0.0/8", "0.0.0.0/0")'), false)
  assert.equal(ask('cidrContains("::/0", "2001:db8::1") && !cidrContains("::/0", "1.2.3.4")'), true)
  assert.equal(
    ask('cidrContains("10.0.0.0/8", resource.after.t)', after),
    'reads a text as an address range that is none',
  )
  assert.equal(ask('summary.only(["create"]) && !summary.only(["read"])'), true)
})
