import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CelInput, isCelError, run } from '@bufbuild/cel'
import fc from 'fast-check'
import { givenFacts, givenPlan, givenResource } from '../../../../test/fixtures/policy-given.ts'
import { isList, isMap, type Value } from '../value.ts'
import { createCompiler } from './cel.ts'
import { changeVariables, viewResource } from './facts.ts'

// Two independent engines read the same expression over the same values. What is ours alone
// (hidden values, null attributes under has(), host functions) is left out; the rest must agree.

const name = fc.constantFrom('acl', 'size', 'ratio', 'on', 'tags', 'names', 'sizes', 'rules')
const attributes = fc.record(
  {
    acl: fc.constantFrom('private', 'public-read', ''),
    size: fc.integer({ min: -3, max: 30 }),
    ratio: fc.constantFrom(0.5, 2.25),
    on: fc.boolean(),
    tags: fc.dictionary(fc.constantFrom('Name', 'env'), fc.constantFrom('a', 'prod')),
    names: fc.array(fc.constantFrom('a', 'prod', 'x'), { maxLength: 3 }),
    sizes: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    rules: fc.array(fc.record({ port: fc.integer({ min: 20, max: 24 }) }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
)

const text = fc.constantFrom('"private"', '"public"', '"a"', '"prod"', '"env"', '""')
const number = fc.constantFrom('0', '1', '22', '-3', '0.5', '10')
const side = fc.constantFrom('resource.before', 'resource.after')
const order = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')

const said = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((made) => String.raw({ raw: strings }, ...made))

const atom = fc.oneof(
  said`has(${side}.${name})`,
  said`${side}.acl == ${text}`,
  said`${side}.acl != ${side}.acl`,
  said`${side}.acl in [${text}, ${text}]`,
  said`${side}.acl.startsWith(${text})`,
  said`${side}.acl.contains(${text})`,
  said`${side}.size ${order} ${number}`,
  said`${side}.size + 1 ${order} ${side}.size`,
  said`${side}.size / 2 == 5`,
  said`10 / ${side}.size > 1`,
  said`${side}.ratio ${order} ${number}`,
  said`${side}.on`,
  said`${side}.on == true`,
  said`${text} in ${side}.tags`,
  said`${side}.tags.env == ${text}`,
  said`${side}.tags == ${side}.tags`,
  said`${side}[${fc.constantFrom('"acl"', '"on"', '"zzz"')}] == ${side}.acl`,
  said`${text} in ${side}.names`,
  said`${side}.names == [${text}]`,
  said`${side}.names[${fc.constantFrom('0', '1', '7')}] == ${text}`,
  said`size(${side}.names) ${order} ${fc.constantFrom('0', '1', '2')}`,
  said`${side}.names.exists(n, n == ${text})`,
  said`${side}.names.all(n, n != ${text})`,
  said`${side}.sizes.exists_one(n, n == 1)`,
  said`${side}.sizes.exists(n, 10 / n == 5)`,
  said`${side}.sizes.map(n, n * 2) == [2]`,
  said`${side}.sizes.filter(n, n > 1).size() > 0`,
  said`${fc.constantFrom('1', '2')} in ${side}.sizes`,
  said`${side}.rules.exists(r, r.port <= 22 && r.port >= 22)`,
  said`${side}.rules.all(r, has(r.port))`,
  said`"delete" in resource.actions`,
  said`resource.actions == ["create"]`,
)

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    said`(${tie('expression')} && ${tie('expression')})`,
    said`(${tie('expression')} || ${tie('expression')})`,
    said`!(${tie('expression')})`,
    said`(${tie('expression')} ? ${tie('expression')} : ${tie('expression')})`,
  ),
}))

/** Values as the other engine takes them: integers as BigInt, maps as Map. */
function toInput(value: Value): CelInput {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (isList(value)) return value.map(toInput)
  if (isMap(value))
    return new Map(Object.entries(value).map(([key, entry]) => [key, toInput(entry)]))
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  throw new Error('the other engine has no such value')
}

type Outcome = 'true' | 'false' | 'error'

function theirs(source: string, before: Value, after: Value): Outcome {
  const resource = toInput({ before, after, actions: ['create'] })
  const result = run(source, { resource })
  if (isCelError(result) || typeof result !== 'boolean') return 'error'
  return result ? 'true' : 'false'
}

const compile = createCompiler()

function ours(source: string, before: Value, after: Value): Outcome {
  const change = givenResource({ before, after, actions: ['create'] })
  const compiled = compile(source, 'resource')
  assert.ok(compiled.ok, `${source}: ${JSON.stringify(compiled)}`)
  const plan = givenPlan({ resources: [change] })
  const variables = changeVariables({ plan, facts: givenFacts(), now: 0 })
  const answer = compiled.expression.evaluate(
    { ...variables, resource: viewResource(change) },
    change,
  )
  if (!answer.ok) return 'error'
  return answer.value ? 'true' : 'false'
}

test('two engines agree on what an expression says, and on when it says nothing', () => {
  const seen: Record<Outcome, number> = { true: 0, false: 0, error: 0 }

  fc.assert(
    fc.property(expression, attributes, attributes, (source, before, after) => {
      const outcome = ours(source, before, after)
      seen[outcome] += 1
      assert.equal(outcome, theirs(source, before, after), source)
    }),
    { numRuns: 3_000 },
  )

  for (const [outcome, count] of Object.entries(seen))
    assert.ok(count >= 300, `too few ${outcome}: ${JSON.stringify(seen)}`)
})
