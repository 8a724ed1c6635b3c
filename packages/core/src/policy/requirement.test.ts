import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPolicy } from '../../../../test/fixtures/policy-given.ts'
import type { Requirement, Slot } from '../verdict.ts'
import { checkPolicyAgainst, type Staff } from './check.ts'
import { parsePolicy } from './parse.ts'
import { addPerson, uniteRequirements } from './requirement.ts'

const given = (slots: readonly Slot[], rest: Partial<Requirement> = {}): Requirement => ({
  slots,
  assurance: 'development',
  expiresSeconds: 3600,
  ...rest,
})
const slot = (from: string, count = 1): Slot => ({ from: from.split(' '), count })

test('slots with the same from merge to the greatest count, and others stay apart', () => {
  const united = uniteRequirements(
    given([slot('team:dba', 2), slot('team:a team:b')]),
    given([slot('team:b team:a', 3), slot('team:dba')], { assurance: 'passkey' }),
    given([slot('team:sre')], { expiresSeconds: 60 }),
  )

  assert.deepEqual(united, {
    slots: [slot('team:dba', 2), slot('team:a team:b', 3), slot('team:sre')],
    assurance: 'passkey',
    expiresSeconds: 60,
  })
})

test('one more person may be anyone whom the slots name', () => {
  assert.deepEqual(addPerson(given([slot('team:b'), slot('team:a')])).slots, [
    slot('team:b'),
    slot('team:a'),
    slot('team:a team:b'),
  ])
  assert.deepEqual(addPerson(given([slot('team:a')])).slots, [slot('team:a', 2)])
})

/** Greedy is exact for the single slots of these tests. */
const canFill: Staff['canFill'] = (slots, people) =>
  slots.every((one) => {
    const fitting = people.filter(({ id, teams }) =>
      one.from.some(
        (ref) => ref === `person:${id}` || teams.some((name) => ref === `team:${name}`),
      ),
    )
    return fitting.length >= one.count
  })

const POLICY = givenPolicy(`
  - name: destroy
    when: "true"
    hold: { approvals: [{ from: [team:dba], count: 2 }] }
    message: Destroys
`)

function staff(members: Readonly<Record<string, string[]>>, teams = ['platform', 'dba']): Staff {
  const people = Object.entries(members).map(([id, names]) => ({ id, teams: names }))
  return { teams, people, schedules: ['payments'], canFill }
}

test('a policy fits when every hold can be filled without any one person', () => {
  const people = { a: ['platform', 'dba'], b: ['platform', 'dba'], c: ['dba'] }

  assert.deepEqual(checkPolicyAgainst(POLICY, staff(people)), [])
})

test('a hold that needs one certain person is a problem', () => {
  const people = { a: ['platform', 'dba'], b: ['platform', 'dba'] }

  assert.deepEqual(checkPolicyAgainst(POLICY, staff(people)), [
    {
      rule: 'destroy',
      position: { line: 5, column: 5 },
      message: 'only with a can this hold be filled, so nobody can approve what a asks for',
    },
    {
      rule: 'destroy',
      position: { line: 5, column: 5 },
      message: 'only with b can this hold be filled, so nobody can approve what b asks for',
    },
  ])
})

test('teams that are not there and holds that nobody can fill are problems', () => {
  assert.deepEqual(
    checkPolicyAgainst(POLICY, staff({ a: ['platform'], b: ['platform'] }, ['platform'])),
    [{ rule: 'destroy', position: { line: 5, column: 5 }, message: 'there is no team:dba' }],
  )
  assert.deepEqual(checkPolicyAgainst(POLICY, staff({ a: ['platform'], b: ['platform'] })), [
    {
      rule: 'destroy',
      position: { line: 5, column: 5 },
      message: 'there are too few people to fill this hold',
    },
  ])
})

test('a slot may ask for who is on call by a schedule that is read, and by no other', () => {
  const asks = (ref: string) =>
    givenPolicy(`
  - name: destroy
    when: "true"
    hold: { approvals: [{ from: [team:dba, ${ref}], count: 2 }] }
    message: Destroys
`)
  const people = { a: ['platform', 'dba'], b: ['platform', 'dba'], c: ['platform', 'dba'] }
  const said = (ref: string) =>
    checkPolicyAgainst(asks(ref), staff(people)).map(({ message }) => message)

  assert.deepEqual(said('oncall:payments/2'), [])
  assert.deepEqual(said('oncall:billing'), ['there is no oncall:billing'])
})

test('the same people asked by two rules are escalated only to whom both say, and later', () => {
  const asks = (escalate?: { afterSeconds: number; to: readonly string[] }) => ({
    slots: [{ from: ['team:dba'], count: 1, escalate }],
    assurance: 'session' as const,
    expiresSeconds: 60,
  })
  const one = asks({ afterSeconds: 60, to: ['team:leads', 'team:sre'] })
  const slotOf = (other: ReturnType<typeof asks>) => uniteRequirements(one, other).slots[0]

  assert.deepEqual(slotOf(asks({ afterSeconds: 90, to: ['team:sre'] })), {
    from: ['team:dba'],
    count: 1,
    escalate: { afterSeconds: 90, to: ['team:sre'] },
  })
  assert.deepEqual(slotOf(asks()), { from: ['team:dba'], count: 1 })
  assert.deepEqual(slotOf(asks({ afterSeconds: 60, to: ['team:platform'] })), {
    from: ['team:dba'],
    count: 1,
  })
})

test('a hold escalates every slot of its own, to teams that are there', () => {
  const policy = givenPolicy(`
  - name: destroy
    when: "true"
    hold:
      approvals: [{ from: [team:dba] }, { from: [team:platform] }]
      escalate: { after: 30m, to: [team:leads] }
    message: Destroys
`)
  const people = { a: ['platform', 'dba'], b: ['platform', 'dba'], c: ['platform', 'dba'] }
  const [rule] = policy.rules

  assert.ok(rule?.outcome === 'hold')
  assert.deepEqual(
    rule.requirement.slots.map(({ escalate }) => escalate),
    [0, 1].map(() => ({ afterSeconds: 1800, to: ['team:leads'] })),
  )
  assert.deepEqual(
    checkPolicyAgainst(policy, staff(people)).map(({ message }) => message),
    ['there is no team:leads'],
  )
})

const reminding = (remind: string, more = '') => `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: destroy
    when: "true"
    hold:
      approvals: [{ from: [team:dba] }, { from: [team:platform] }]
      remind: ${remind}
${more}    message: Destroys
`

test('a hold reminds once or several times, in every slot of its own', () => {
  const slotsFor = (remind: string) => {
    const parsed = parsePolicy(reminding(remind))
    assert.ok(parsed.ok)
    const [rule] = parsed.policy.rules
    return rule?.outcome === 'hold' ? rule.requirement.slots.map((each) => each.remindSeconds) : []
  }

  assert.deepEqual(slotsFor('30m'), [[1800], [1800]])
  assert.deepEqual(
    slotsFor('[2h, 30m, 2h]'),
    [0, 1].map(() => [1800, 7200]),
  )
})

test('a reminder that never comes, or is none, is named with its place', () => {
  const problems = (remind: string, more = '') => {
    const parsed = parsePolicy(reminding(remind, more))
    return parsed.ok
      ? []
      : parsed.problems.map(({ line, column, message }) => [line, column, message])
  }

  assert.deepEqual(problems('[30m, 2h]', '      expires: 2h\n'), [
    [8, 21, 'the hold is over by then: remind before it expires'],
  ])
  assert.deepEqual(problems('soon'), [
    [8, 15, 'expected a duration such as 15m or 4h, at most 24h'],
  ])
  const count = 'a hold reminds 1 to 10 times; leave remind out for never'
  assert.deepEqual(problems('[]'), [[8, 15, count]])
  assert.deepEqual(problems(`[${'1m, '.repeat(10)}2m]`), [[8, 15, count]])
})

test('the same people asked by two rules are reminded whenever either reminds, and so is one more', () => {
  const asks = (...remindSeconds: readonly number[]) =>
    given([{ ...slot('team:dba'), remindSeconds }])

  const united = uniteRequirements(asks(60, 90), asks(30, 60), given([slot('team:sre')]))

  assert.deepEqual(united.slots, [
    { ...slot('team:dba'), remindSeconds: [30, 60, 90] },
    slot('team:sre'),
  ])
  assert.deepEqual(addPerson(united).slots.at(-1), {
    ...slot('team:dba team:sre'),
    remindSeconds: [30, 60, 90],
  })
})
