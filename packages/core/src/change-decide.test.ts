import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  ERIN,
  givenAccess,
  givenActor,
  givenApproved,
  givenChange,
  givenChangeId,
  givenContext,
  givenDecide,
  givenDecided,
  givenDigest,
  givenKey,
  givenMembership,
  givenOpened,
  givenReleased,
  givenReleasedChange,
  givenRequester,
  givenRequirement,
  givenSlot,
  givenTarget,
  givenTokenId,
  givenWorkspace,
  givenWorkspaceId,
  HOUR,
  MINUTE,
  NOW,
  SYSTEM_REF,
} from '../test/given.ts'
import type { Change } from './change.ts'
import type { ChangeAnswer, ChangeCommand, DecideContext } from './change-commands.ts'
import { decide } from './change-decide.ts'
import type { PersonId } from './ids.ts'
import type { Refusal } from './refusals.ts'

type About = Partial<DecideContext>

function refused(answer: ChangeAnswer): Refusal | null {
  return answer.ok ? null : answer.refusal
}

const open = (about: Parameters<typeof givenOpened>[0] = {}, context: About = {}) =>
  decide(null, { type: 'open', opened: givenOpened(about) }, givenContext(context))

const approveBy = (person: PersonId, change: Change, context: About = {}) =>
  decide(
    change,
    { type: 'approve', ...givenDecide(person) },
    givenContext({ actor: givenActor(person), ...context }),
  )

const rejectBy = (person: PersonId, change: Change, reason = givenDigest('too wide')) =>
  decide(
    change,
    { type: 'reject', ...givenDecide(person, { reason }) },
    givenContext({ actor: givenActor(person) }),
  )

test('opening records what was sent, and whether it binds the workspace', () => {
  const unpinned = givenAccess({ workspaces: [givenWorkspace({ pin: null })] })

  assert.deepEqual(open(), { ok: true, events: [{ type: 'change_opened', ...givenOpened() }] })
  assert.deepEqual(open({}, { access: unpinned }), {
    ok: true,
    events: [{ type: 'change_opened', ...givenOpened(), bindsTarget: true }],
  })
})

test('a change that exists is not opened again', () => {
  const answer = decide(givenChange(), { type: 'open', opened: givenOpened() }, givenContext())

  assert.deepEqual(refused(answer), { code: 'already_exists', what: 'change' })
})

test('a change opens only in a workspace that exists', () => {
  assert.deepEqual(refused(open({ workspace: givenWorkspaceId('nowhere') })), {
    code: 'not_found',
    what: 'workspace',
  })
})

test('nobody opens a change in the name of another', () => {
  assert.deepEqual(refused(open({}, { actor: givenActor(BOB) })), {
    code: 'invalid_input',
    problems: ['its requester is not who opens it'],
  })
})

test('who opens a change is in its requester set', () => {
  assert.deepEqual(refused(open({ requester: givenRequester({ excluded: [BOB] }) })), {
    code: 'invalid_input',
    problems: ['its requester is not in the requester set'],
  })
})

test('a token opens a change with nobody in the requester set', () => {
  const requester = givenRequester({ kind: 'service', id: givenTokenId(), excluded: [] })

  assert.equal(open({ requester }, { actor: { kind: 'token', id: givenTokenId() } }).ok, true)
})

test('a requester has twenty open changes in a workspace at most', () => {
  assert.equal(open({}, { openCount: 19 }).ok, true)
  assert.deepEqual(refused(open({}, { openCount: 20 })), { code: 'too_many_open', max: 20 })
})

test('a plan is good for a day at most, and not for the past', () => {
  const problem = { code: 'invalid_input', problems: ['a plan is good for 24 hours at most'] }

  assert.equal(open({ expiresAt: NOW + MINUTE + 24 * HOUR }).ok, true)
  assert.deepEqual(refused(open({ expiresAt: NOW + MINUTE + 24 * HOUR + 1 })), problem)
  assert.deepEqual(refused(open({ expiresAt: NOW + MINUTE })), problem)
})

test('a plan that acts elsewhere than the workspace is pinned is not opened', () => {
  const principals = [{ provider: 'aws', account: '222222222222' }]

  assert.deepEqual(refused(open({ target: givenTarget({ principals }) })), {
    code: 'target_differs',
    differences: [
      { part: 'account', name: null, approved: 'aws:111111111111', now: 'aws:222222222222' },
    ],
  })
})

test('what the log could not read back is refused before it is written', () => {
  const flags = [`-var=${'x'.repeat(4_000)}`]
  const many = Array.from({ length: 20 }, () => 'x'.repeat(3_900))

  assert.deepEqual(refused(open({ flags })), {
    code: 'invalid_input',
    problems: ['this change opened does not have the shape that the log reads'],
  })
  assert.deepEqual(refused(open({ flags: many })), {
    code: 'invalid_input',
    problems: ['this change opened is larger than one entry of the log'],
  })
})

test('a command on a change that was never opened finds nothing', () => {
  assert.deepEqual(refused(decide(null, { type: 'withdraw' }, givenContext())), {
    code: 'not_found',
    what: 'change',
  })
})

test('the last missing approval releases for an hour', () => {
  assert.deepEqual(approveBy(BOB, givenChange()), {
    ok: true,
    events: [givenApproved(BOB), givenReleased(NOW + MINUTE + HOUR)],
  })
})

test('a release never outlives its plan', () => {
  const change = givenChange({ opened: { expiresAt: NOW + 10 * MINUTE } })

  assert.deepEqual(approveBy(BOB, change).events[1], givenReleased(NOW + 10 * MINUTE))
})

test('an approval that leaves a slot open releases nothing', () => {
  const slots = [givenSlot('team:platform', 2)]
  const change = givenChange({ evaluated: { requirement: givenRequirement({ slots }) } })

  assert.deepEqual(approveBy(BOB, change), { ok: true, events: [givenApproved(BOB)] })
})

test('nothing is decided before the rules have answered', () => {
  const change = givenChange({ evaluated: null })
  const refusal = { code: 'not_evaluated', changeId: givenChangeId() }

  assert.deepEqual(refused(approveBy(BOB, change)), refusal)
  assert.deepEqual(refused(rejectBy(BOB, change)), refusal)
})

test('a released change is not approved again', () => {
  assert.deepEqual(refused(approveBy(CAROL, givenReleasedChange())), {
    code: 'wrong_state',
    status: 'released',
    command: 'approve',
  })
})

test('a hold that is due is not approved, even before the timer has come round to it', () => {
  assert.equal(approveBy(BOB, givenChange(), { now: NOW + 4 * HOUR - 1 }).ok, true)
  assert.deepEqual(refused(approveBy(BOB, givenChange(), { now: NOW + 4 * HOUR })), {
    code: 'expired',
    at: NOW + 4 * HOUR,
  })
})

test('an approval of another plan is refused and names both', () => {
  const seen = givenDigest('another plan')
  const command = { type: 'approve', ...givenDecide(BOB, { fingerprint: seen }) } as const

  const answer = decide(givenChange(), command, givenContext({ actor: givenActor(BOB) }))

  const current = givenOpened().binding.fingerprint
  assert.deepEqual(refused(answer), { code: 'other_fingerprint', seen, current })
})

test('who stands behind the request is told why they do not count', () => {
  const excluded = [ALICE, BOB]
  const change = givenChange({ opened: { requester: givenRequester({ excluded }) } })

  assert.deepEqual(refused(approveBy(ALICE, change)), {
    code: 'in_requester_set',
    why: 'you requested it',
  })
  assert.deepEqual(refused(approveBy(BOB, change)), {
    code: 'in_requester_set',
    why: 'a commit, the pipeline or an address of the requester names you',
  })
})

test('who fills no slot is told whom it asks for', () => {
  const slots = givenRequirement().slots
  const late = givenAccess({ teams: { platform: [givenMembership(BOB, NOW + 1)] } })
  const gone = givenAccess({ inactive: [BOB] })
  const because = (answer: ChangeAnswer) => refused(answer)

  assert.deepEqual(because(approveBy(DAVE, givenChange())), {
    code: 'not_eligible',
    slots,
    because: 'no_slot',
  })
  assert.deepEqual(because(approveBy(BOB, givenChange(), { access: late })), {
    code: 'not_eligible',
    slots,
    because: 'joined_later',
  })
  assert.deepEqual(because(approveBy(BOB, givenChange(), { access: gone })), {
    code: 'not_eligible',
    slots,
    because: 'not_active',
  })
})

test('nobody decides for another, and a token decides for nobody', () => {
  const commands: readonly ChangeCommand[] = [
    { type: 'approve', ...givenDecide(BOB) },
    { type: 'reject', ...givenDecide(BOB, { reason: givenDigest('no') }) },
    { type: 'take_back', person: BOB },
    { type: 'resolve_outcome', person: BOB, resolution: 'applied', reason: givenDigest('seen') },
  ]
  const token = { kind: 'token', id: givenTokenId() } as const

  for (const command of commands)
    for (const actor of [givenActor(CAROL), token, SYSTEM_REF])
      assert.deepEqual(refused(decide(givenReleasedChange(), command, givenContext({ actor }))), {
        code: 'not_eligible',
        slots: [],
        because: 'not_a_person',
      })
})

test('a weaker sign-in than the slot asks for is refused and says which it needs', () => {
  const requirement = givenRequirement({ assurance: 'passkey' })

  assert.deepEqual(refused(approveBy(BOB, givenChange({ evaluated: { requirement } }))), {
    code: 'assurance_too_low',
    has: 'session',
    needs: 'passkey',
  })
})

test('who approved is told so, unless they sign more strongly now', () => {
  const slots = [givenSlot('team:platform', 2)]
  const requirement = givenRequirement({ slots })
  const change = givenChange({ evaluated: { requirement }, after: [givenApproved(BOB)] })
  const stronger = { type: 'approve', ...givenDecide(BOB, { assurance: 'passkey' }) } as const

  assert.deepEqual(refused(approveBy(BOB, change)), {
    code: 'already_decided',
    decision: 'approve',
  })
  assert.equal(decide(change, stronger, givenContext({ actor: givenActor(BOB) })).ok, true)
})

test('a rejection closes a held or released change', () => {
  const reason = givenDigest('too wide')

  for (const change of [givenChange(), givenReleasedChange()])
    assert.deepEqual(rejectBy(BOB, change), {
      ok: true,
      events: [{ type: 'rejected', ...givenDecided(BOB, { reason }) }],
    })
})

test('an owner may reject without filling a slot, but not another plan', () => {
  const command = { type: 'reject', ...givenDecide(ERIN, { reason: givenDigest('no') }) } as const
  const other = { ...command, fingerprint: givenDigest('another plan') }
  const context = givenContext({ actor: givenActor(ERIN) })
  const gone = { ...context, access: givenAccess({ inactive: [ERIN] }) }

  assert.equal(decide(givenChange(), command, context).ok, true)
  assert.equal(refused(decide(givenChange(), other, context))?.code, 'other_fingerprint')
  assert.equal(refused(decide(givenChange(), command, gone))?.code, 'not_eligible')
})

test('who fills no slot and owns nothing rejects nothing', () => {
  assert.equal(refused(rejectBy(DAVE, givenChange()))?.code, 'not_eligible')
})

test('a change that a rule released asks nobody, so only an owner rejects it', () => {
  const allowed = givenChange({
    evaluated: { verdict: 'allow' },
    after: [{ type: 'released', by: 'allow', until: NOW + HOUR }],
  })

  assert.deepEqual(refused(rejectBy(BOB, allowed)), {
    code: 'not_eligible',
    slots: [],
    because: 'no_slot',
  })
  assert.equal(rejectBy(ERIN, allowed).ok, true)
})

test('a rejection needs a reason', () => {
  const command = { type: 'reject', ...givenDecide(BOB) } as const

  const answer = decide(givenChange(), command, givenContext({ actor: givenActor(BOB) }))

  assert.deepEqual(refused(answer), { code: 'reason_required', charactersMin: 3 })
})

test('a decision says how strongly it is signed, by a key of the decider that still counts', () => {
  const proof = givenDigest('signed statement')
  const by = (about: Partial<ReturnType<typeof givenDecide>>, access = givenAccess()) => {
    const command = { type: 'approve', ...givenDecide(BOB, about) } as const
    return refused(decide(givenChange(), command, givenContext({ actor: givenActor(BOB), access })))
  }
  const own = { key: givenKey(BOB).id, proof }
  const asSaid = { code: 'signature_refused', because: 'it is not signed as it says' }
  const notYours = { code: 'signature_refused', because: 'that passkey is not enrolled for you' }
  const revoked = new Map([[own.key, { ...givenKey(BOB), revoked: true }]])

  assert.equal(by({ assurance: 'passkey', signed: own }), null)
  assert.deepEqual(by({ assurance: 'passkey', signed: null }), asSaid)
  assert.deepEqual(by({ assurance: 'session', signed: own }), asSaid)
  const theirs = { key: givenKey(CAROL).id, proof }
  assert.deepEqual(by({ assurance: 'passkey', signed: theirs }), notYours)
  const access = givenAccess({ proofs: { keys: revoked } })
  assert.deepEqual(by({ assurance: 'passkey', signed: own }, access), notYours)
})
