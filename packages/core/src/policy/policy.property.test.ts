import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  CORPUS_DEFAULTS,
  CORPUS_RULES,
  corpusPolicy,
} from '../../../../test/fixtures/policy-corpus.ts'
import { givenFacts, givenPlan, givenResource } from '../../../../test/fixtures/policy-given.ts'
import type { Plan } from '../plan.ts'
import { Hidden, isList, isMap, UNKNOWN, type Value } from '../value.ts'
import type { Requirement, Slot } from '../verdict.ts'
import type { Policy } from './document.ts'
import { type Evaluated, evaluatePolicy } from './evaluate.ts'
import { addPerson, uniteRequirements } from './requirement.ts'

const MONDAY = Date.UTC(2026, 2, 23, 9, 0)
const HIDDEN = new Hidden('a'.repeat(64), 'tool')

const cidr = fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '10.2.0.0/16')
const attributes = fc.record(
  {
    acl: fc.constantFrom('private', 'public-read', 'public-read-write'),
    tags: fc.dictionary(fc.constantFrom('Name', 'env', 'team'), fc.constantFrom('a', 'prod')),
    ingress: fc.array(
      fc.record({
        cidr_blocks: fc.array(cidr, { maxLength: 3 }),
        from_port: fc.constantFrom(0, 22, 443),
        to_port: fc.constantFrom(0, 22, 443),
      }),
      { maxLength: 2 },
    ),
    storage_encrypted: fc.boolean(),
    publicly_accessible: fc.boolean(),
    instance_type: fc.constantFrom('t3.micro', 'm5.large'),
    location: fc.constantFrom('eu-west-1', 'us-east-1'),
    size: fc.integer({ min: 0, max: 50 }),
    policy: fc.constantFrom(
      '{"Statement":[{"Action":"*"}]}',
      '{"Statement":[{"Action":"iam:PassRole"}]}',
    ),
  },
  { requiredKeys: [] },
)

const resource = fc
  .record({
    address: fc.constantFrom('a', 'b', 'c'),
    type: fc.constantFrom('aws_s3_bucket', 'aws_iam_role', 'aws_instance', 'aws_iam_access_key'),
    provider: fc.constantFrom('registry.terraform.io/hashicorp/aws', 'registry/google'),
    action: fc.constantFrom('create', 'update', 'update', 'delete', 'replace', 'read', 'move'),
    before: attributes,
    after: attributes,
  })
  .map((part) =>
    givenResource({
      ...part,
      actions: part.action === 'replace' ? ['delete', 'create'] : [part.action],
      before: part.action === 'create' ? null : part.before,
      after: part.action === 'delete' ? null : part.after,
    }),
  )

const plan: fc.Arbitrary<Plan> = fc
  .array(resource, { minLength: 1, maxLength: 3 })
  .map((resources) => givenPlan({ resources }))

const policy: fc.Arbitrary<Policy> = fc
  .record({
    // Few rules, so that a definite verdict of one is not hidden behind those of all.
    places: fc.uniqueArray(fc.nat({ max: CORPUS_RULES.length - 1 }), {
      minLength: 1,
      maxLength: 4,
    }),
    allows: fc.constantFrom([], [], CORPUS_RULES.map((_, at) => at).slice(-4)),
    head: fc.constantFrom(...CORPUS_DEFAULTS),
  })
  .map(({ places, allows, head }) => corpusPolicy([...places, ...allows], head))

function evaluate(policyOf: Policy, planOf: Plan): Evaluated {
  return evaluatePolicy({ policy: policyOf, plan: planOf, facts: givenFacts(), now: MONDAY })
}

type Key = string | number

/** Every place at or below a value, the value itself last. */
function placesIn(value: Value, path: readonly Key[] = []): readonly (readonly Key[])[] {
  const inside: readonly (readonly [Key, Value])[] = isList(value)
    ? [...value.entries()]
    : isMap(value)
      ? Object.entries(value)
      : []
  const below = inside.flatMap(([key, entry]) => placesIn(entry, [...path, key]))
  return path.length > 0 ? [...below, path] : below
}

function mark(value: Value, path: readonly Key[], with_: Value): Value {
  const [key, ...rest] = path
  if (key === undefined) return with_
  if (isList(value)) return value.map((one, at) => (at === key ? mark(one, rest, with_) : one))
  if (!isMap(value)) return value
  return { ...value, [key]: mark(value[key] ?? null, rest, with_) }
}

interface Marked {
  readonly plan: Plan
  readonly what: string
}

/** The plan with one attribute of one resource hidden, or undecided, at every place it has. */
function marksOf(planOf: Plan): readonly Marked[] {
  return planOf.resources.flatMap((one, at) => {
    const replace = (part: Partial<typeof one>): Plan => ({
      ...planOf,
      resources: planOf.resources.map((other, index) =>
        index === at ? { ...other, ...part } : other,
      ),
    })
    const after = placesIn(one.after).flatMap((path) => [
      { plan: replace({ after: mark(one.after, path, HIDDEN) }), what: `after.${path.join('.')}` },
      {
        plan: replace({ after: mark(one.after, path, UNKNOWN) }),
        what: `after.${path.join('.')}?`,
      },
    ])
    const before = placesIn(one.before).map((path) => ({
      plan: replace({ before: mark(one.before, path, HIDDEN) }),
      what: `before.${path.join('.')}`,
    }))
    return [...after, ...before]
  })
}

const RANK = { allow: 0, hold: 1, deny: 2 } as const

function covers(slots: readonly Slot[], slot: Slot): boolean {
  const same = slots.find((one) => one.from.join(' ') === slot.from.join(' '))
  return same !== undefined && same.count >= slot.count
}

/** What the law forbids of a marked plan's verdict; `null` when it holds. */
function weaker(plain: Evaluated, marked: Evaluated, policyOf: Policy): string | null {
  if (RANK[marked.verdict] === 0 && RANK[plain.verdict] > 0) return 'became allow'
  if (plain.verdict === 'hold' && marked.verdict === 'hold') {
    const slots = marked.requirement?.slots ?? []
    const lost = (plain.requirement?.slots ?? []).filter((slot) => !covers(slots, slot))
    if (lost.length > 0) return `lost ${JSON.stringify(lost)}`
  }
  for (const finding of plain.findings) {
    if (finding.outcome !== 'deny' || finding.rule === 'default') continue
    const now = marked.findings.filter((one) => one.rule === finding.rule)
    if (!now.some((one) => RANK[one.outcome] >= RANK.hold)) return `${finding.rule} is not named`
    const rule = policyOf.rules.find((one) => one.name === finding.rule)
    const stays = rule?.outcome === 'deny' && rule.onError === 'deny'
    if (stays && marked.verdict !== 'deny') return `${finding.rule} no longer denies`
  }
  return null
}

test('I12: a mark on an attribute never weakens a verdict and never drops a slot', () => {
  const seen = { marks: 0, changed: 0, held: 0, denied: 0, softened: 0, tightened: 0 }

  fc.assert(
    fc.property(plan, policy, (planOf, policyOf) => {
      const plain = evaluate(policyOf, planOf)
      for (const { plan: markedPlan, what } of marksOf(planOf)) {
        const marked = evaluate(policyOf, markedPlan)
        assert.equal(weaker(plain, marked, policyOf), null, what)
        seen.marks += 1
        if (JSON.stringify(plain.findings) === JSON.stringify(marked.findings)) continue
        seen.changed += 1
        if (plain.verdict === 'hold') seen.held += 1
        if (plain.verdict === 'deny') seen.denied += 1
        if (plain.verdict === 'deny' && marked.verdict === 'hold') seen.softened += 1
        if (plain.verdict === 'allow' && marked.verdict !== 'allow') seen.tightened += 1
      }
    }),
    { numRuns: 400 },
  )

  assert.ok(seen.marks >= 5_000, `too few marks: ${JSON.stringify(seen)}`)
  assert.ok(seen.changed >= 500, `marks change too little: ${JSON.stringify(seen)}`)
  assert.ok(seen.held >= 100 && seen.denied >= 50, `too few verdicts: ${JSON.stringify(seen)}`)
  assert.ok(seen.softened >= 10, `no deny became a hold: ${JSON.stringify(seen)}`)
  assert.ok(seen.tightened >= 20, `no allow became a hold: ${JSON.stringify(seen)}`)
})

test('I14: a rule that errs never leaves a verdict at allow, whatever the other rules say', () => {
  let erred = 0

  fc.assert(
    fc.property(plan, policy, fc.nat(), (planOf, policyOf, place) => {
      const broken = breakRule(policyOf, place % policyOf.rules.length)
      const evaluation = evaluate(broken, planOf)
      assert.notEqual(evaluation.verdict, 'allow')
      erred += evaluation.trace.filter((one) => one.errors.length > 0).length
    }),
    { numRuns: 400 },
  )

  assert.ok(erred >= 300, `too few rules erred: ${erred}`)
})

/** The same policy with one rule whose condition cannot be evaluated. */
function breakRule(policyOf: Policy, place: number): Policy {
  const evaluateNever = () => ({ ok: false, reason: 'could not be evaluated' }) as const
  return {
    ...policyOf,
    rules: policyOf.rules.map((rule, at) =>
      at === place ? { ...rule, condition: { text: 'broken', evaluate: evaluateNever } } : rule,
    ),
  }
}

test('I13: a hold always asks for at least one person', () => {
  let holds = 0

  fc.assert(
    fc.property(plan, policy, (planOf, policyOf) => {
      for (const one of [planOf, ...marksOf(planOf).map((marked) => marked.plan)]) {
        const { verdict, requirement } = evaluate(policyOf, one)
        assert.equal(requirement !== null, verdict === 'hold')
        if (requirement === null) continue
        holds += 1
        assert.ok(requirement.slots.length > 0)
        assert.ok(requirement.slots.every((slot) => slot.count >= 1 && slot.from.length > 0))
      }
    }),
    { numRuns: 150 },
  )

  assert.ok(holds >= 500, `too few holds: ${holds}`)
})

const requirement: fc.Arbitrary<Requirement> = fc.record({
  slots: fc.array(
    fc.record({
      from: fc.uniqueArray(fc.constantFrom('team:a', 'team:b', 'team:c'), { minLength: 1 }),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  assurance: fc.constantFrom('development', 'session', 'passkey', 'passkey+cli'),
  expiresSeconds: fc.integer({ min: 1, max: 86_400 }),
})

test('uniting requirements loses nothing, and one more person is one more', () => {
  let merged = 0

  fc.assert(
    fc.property(requirement, requirement, (left, right) => {
      const united = uniteRequirements(left, right)
      const sorted = (slot: Slot): Slot => ({ ...slot, from: slot.from.toSorted() })
      for (const slot of [...left.slots, ...right.slots])
        assert.ok(covers(united.slots, sorted(slot)))
      assert.ok(united.expiresSeconds <= Math.min(left.expiresSeconds, right.expiresSeconds))
      const total = (one: Requirement) => one.slots.reduce((sum, slot) => sum + slot.count, 0)
      assert.equal(total(addPerson(united)), total(united) + 1)
      if (total(united) < total(left) + total(right)) merged += 1
    }),
    { numRuns: 500 },
  )

  assert.ok(merged >= 50, `too few merges: ${merged}`)
})
