import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  ERIN,
  FRANK,
  givenAccess,
  givenActor,
  givenApproved,
  givenChange,
  givenChangeId,
  givenContext,
  givenDecide,
  givenDigest,
  givenEvaluated,
  givenReleased,
  givenStart,
  givenStarted,
  givenWorkspace,
  HOUR,
  MINUTE,
  NOW,
} from '../test/given.ts'
import { givenBreak, givenBroken, givenReview } from '../test/given-glass.ts'
import type { Change } from './change.ts'
import type { BreakFields, DecideContext, ReviewFields } from './change-commands.ts'
import { decide } from './change-decide.ts'
import { evolve } from './change-evolve.ts'
import {
  GLASS_PER_DAY_MAX,
  GLASS_REVIEW_MS,
  glassFacts,
  isReviewOverdue,
  NO_GLASS,
} from './change-glass.ts'
import { GLASS_RELEASE_MS, releaseOf } from './release.ts'

const listed = givenAccess({ proofs: { breakGlass: new Set([ALICE, DAVE]) } })

function breaking(
  change: Change,
  about: { readonly fields?: Partial<BreakFields>; readonly context?: Partial<DecideContext> } = {},
) {
  const fields = givenBreak(ALICE, about.fields)
  const context = { access: listed, actor: givenActor(fields.person), ...about.context }
  return decide(change, { type: 'break_glass', ...fields }, givenContext(context))
}

const refusalOf = (...asked: Parameters<typeof breaking>) => {
  const answer = breaking(...asked)
  return answer.ok ? null : answer.refusal
}

test('a listed person breaks the glass of their own change, and it is released for minutes', () => {
  const answer = breaking(givenChange())

  assert.deepEqual(answer, {
    ok: true,
    events: [
      givenBroken(ALICE),
      { type: 'released', by: 'break_glass', until: NOW + MINUTE + GLASS_RELEASE_MS },
    ],
  })
})

test('a release by broken glass ends with its plan', () => {
  const change = givenChange({ opened: { expiresAt: NOW + 5 * MINUTE } })

  const [, released] = breaking(change).events

  assert.deepEqual(released, { type: 'released', by: 'break_glass', until: NOW + 5 * MINUTE })
})

test('what a rule denies is not held, and its glass cannot be broken', () => {
  const denied = givenChange({ evaluated: { verdict: 'deny' } })

  const command = 'break_glass'
  assert.deepEqual(refusalOf(denied), { code: 'wrong_state', status: 'denied', command })
})

test('what no rule has judged yet has no glass to break', () => {
  const change = givenChange({ evaluated: null })

  assert.deepEqual(refusalOf(change), { code: 'not_evaluated', changeId: change.changeId })
})

test('a hold that has ended is not gone round by breaking its glass', () => {
  const context = { now: NOW + 5 * HOUR }

  assert.deepEqual(refusalOf(givenChange(), { context }), { code: 'expired', at: NOW + 4 * HOUR })
})

test('a sign-in alone breaks nothing', () => {
  const fields = { assurance: 'session' as const }

  assert.deepEqual(refusalOf(givenChange(), { fields }), {
    code: 'assurance_too_low',
    has: 'session',
    needs: 'passkey',
  })
})

test('a passkey of somebody else breaks nothing', () => {
  const fields = { signed: givenBreak(BOB).signed }

  assert.deepEqual(refusalOf(givenChange(), { fields }), {
    code: 'signature_refused',
    because: 'that passkey is not enrolled for you',
  })
})

test('the glass of another plan is not this one', () => {
  const seen = givenDigest('another plan')
  const current = givenChange().binding.fingerprint

  assert.deepEqual(refusalOf(givenChange(), { fields: { fingerprint: seen } }), {
    code: 'other_fingerprint',
    seen,
    current,
  })
})

test('nobody breaks the glass in the name of another', () => {
  const context = { actor: givenActor(BOB) }

  assert.deepEqual(refusalOf(givenChange(), { context }), {
    code: 'not_eligible',
    slots: [],
    because: 'not_a_person',
  })
})

test('one person never binds a workspace to where a plan acts', () => {
  const workspaces = [givenWorkspace({ pin: null })]
  const access = { ...givenAccess({ workspaces }), breakGlass: listed.breakGlass }

  assert.deepEqual(
    refusalOf(givenChange({ opened: { bindsTarget: true } }), { context: { access } }),
    { code: 'glass_refused', because: 'binds_target' },
  )
})

test('while a review of theirs is overdue, they do not do it again', () => {
  const overdue = givenChangeId('two')

  assert.deepEqual(refusalOf(givenChange(), { context: { glass: { ...NO_GLASS, overdue } } }), {
    code: 'glass_review_overdue',
    changeId: overdue,
  })
})

test('it is broken only so often a day in one workspace', () => {
  const at = (lastDay: number) =>
    refusalOf(givenChange(), { context: { glass: { ...NO_GLASS, lastDay } } })

  assert.equal(at(GLASS_PER_DAY_MAX - 1), null)
  assert.deepEqual(at(GLASS_PER_DAY_MAX), { code: 'glass_refused', because: 'too_often' })
})

test('who lost the right before it starts has broken nothing, and it is not broken twice', () => {
  const broken = givenChange({ after: [givenBroken(ALICE)] })
  const now = NOW + MINUTE

  assert.notEqual(releaseOf(broken, { now, access: listed }), null)
  assert.equal(releaseOf(broken, { now, access: givenAccess() }), null)
  const inactive = { ...givenAccess({ inactive: [ALICE] }), breakGlass: listed.breakGlass }
  assert.equal(releaseOf(broken, { now, access: inactive }), null)
  const keyless = { ...listed, keys: new Map() }
  assert.equal(releaseOf(broken, { now, access: keyless }), null)
  assert.deepEqual(refusalOf(broken, { fields: givenBreak(DAVE) }), {
    code: 'glass_refused',
    because: 'broken_before',
  })
})

test('broken glass holds nothing longer than its minutes', () => {
  const broken = givenChange({ after: [givenBroken(ALICE)] })

  assert.equal(releaseOf(broken, { now: NOW + GLASS_RELEASE_MS, access: listed }), null)
})

const released = () =>
  givenChange({
    after: [givenBroken(ALICE), { ...givenReleased(), by: 'break_glass' }],
  } as Parameters<typeof givenChange>[0])

test('at the claim a hold is satisfied by broken glass, whomever it asks now', () => {
  const requirement = { slots: [{ from: ['team:dba'], count: 2 }], assurance: 'passkey' } as const
  const evaluated = givenEvaluated({
    requirement: { ...requirement, expiresSeconds: 3_600 },
    evaluatedAt: NOW + MINUTE,
  })

  const answer = decide(released(), givenStart({ evaluated }), givenContext({ access: listed }))

  assert.deepEqual(
    answer.events.map((event) => event.type),
    ['evaluated', 'released', 'execution_started'],
  )
})

test('at the claim a rule that denies now stops what broken glass released', () => {
  const evaluated = givenEvaluated({ verdict: 'deny', evaluatedAt: NOW + MINUTE })

  const answer = decide(released(), givenStart({ evaluated }), givenContext({ access: listed }))

  assert.equal(answer.ok, false)
  assert.deepEqual(
    answer.events.map((event) => event.type),
    ['evaluated'],
  )
})

test('a rejection still bites until it starts', () => {
  const reason = givenDigest('it is no emergency')
  const context = givenContext({ access: listed, actor: givenActor(CAROL) })

  const answer = decide(released(), { type: 'reject', ...givenDecide(CAROL, { reason }) }, context)

  assert.deepEqual(
    answer.events.map((event) => event.type),
    ['rejected'],
  )
})

test('enough approvals go before broken glass', () => {
  const change = givenChange({ after: [givenApproved(BOB), givenBroken(ALICE)] })

  assert.equal(releaseOf(change, { now: NOW + MINUTE, access: listed })?.by, 'approvals')
})

const over = () =>
  givenChange({
    after: [
      givenBroken(ALICE),
      { type: 'released', by: 'break_glass', until: NOW + GLASS_RELEASE_MS },
      givenStarted(),
      { type: 'outcome_unknown', because: 'heartbeat_lost' },
    ],
  })

function review(change: Change, about: Partial<ReviewFields> = {}, access = listed) {
  const command = { type: 'review_glass', ...givenReview(ERIN), ...about } as const
  const answer = decide(
    change,
    command,
    givenContext({ access, actor: givenActor(command.person) }),
  )
  return answer.ok ? answer.events : answer.refusal
}

test('an owner, or somebody whom the rules asked, reviews it when it is over', () => {
  for (const person of [ERIN, BOB, CAROL]) {
    const [event] = review(over(), { person, finding: 'not_justified' }) as readonly never[]
    const after = evolve(over(), { event: event as never, at: NOW, actor: givenActor(person) })
    assert.equal(after?.glass?.review?.person, person)
    assert.equal(after?.glass?.review?.finding, 'not_justified')
    assert.equal(after?.status, 'outcome_unknown')
  }
})

test('who broke it, who requested it, or who was not asked does not review it', () => {
  assert.deepEqual(review(over(), { person: ALICE }), {
    code: 'not_a_reviewer',
    because: 'broke_it',
  })
  const byDave = givenChange({ after: [givenBroken(DAVE), { type: 'expired' }] })
  assert.deepEqual(review(byDave, { person: ALICE }), {
    code: 'in_requester_set',
    why: 'you requested it',
  })
  assert.deepEqual(review(over(), { person: FRANK }), {
    code: 'not_a_reviewer',
    because: 'no_right',
  })
})

test('an owner who broke it does not review it either', () => {
  const byErin = givenChange({ after: [givenBroken(ERIN), { type: 'expired' }] })

  assert.deepEqual(review(byErin), { code: 'not_a_reviewer', because: 'broke_it' })
})

test('what is not over yet is not reviewed, nor what is reviewed already, nor nothing', () => {
  assert.deepEqual(review(released()), {
    code: 'wrong_state',
    status: 'released',
    command: 'review_glass',
  })
  assert.deepEqual(review(givenChange({ after: [{ type: 'expired' }] })), {
    code: 'not_a_reviewer',
    because: 'nothing',
  })
  const [event] = review(over()) as readonly never[]
  const done = evolve(over(), { event: event as never, at: NOW, actor: givenActor(ERIN) })
  assert.deepEqual(done === null ? null : review(done), {
    code: 'not_a_reviewer',
    because: 'nothing',
  })
})

test('a review that says it is signed is signed by a passkey of that person', () => {
  const { signed } = givenBreak(BOB)

  assert.deepEqual(review(over(), { assurance: 'passkey', signed }), {
    code: 'signature_refused',
    because: 'that passkey is not enrolled for you',
  })
})

test('facts count a day in one workspace, and overdue reviews of one person everywhere', () => {
  const broken = givenChange({ after: [givenBroken(ALICE)] })
  const elsewhere = { ...broken, workspace: 'wsp_elsewhere0000000' } as Change
  const asked = { person: ALICE, workspace: broken.workspace, now: NOW + HOUR }

  const facts = (now: number, person = ALICE) =>
    glassFacts([broken, elsewhere, givenChange()], { ...asked, now, person })

  assert.deepEqual(facts(NOW + HOUR), { overdue: null, lastDay: 1 })
  assert.deepEqual(facts(NOW + 24 * HOUR), { overdue: null, lastDay: 0 })
  assert.equal(facts(NOW + GLASS_REVIEW_MS).overdue, broken.changeId)
  assert.equal(facts(NOW + GLASS_REVIEW_MS, BOB).overdue, null)
  assert.ok(broken.glass !== null)
  assert.equal(isReviewOverdue(broken.glass, NOW + GLASS_REVIEW_MS - 1), false)
})
