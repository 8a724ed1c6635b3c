/**
 * An AWS that hands out a part of a session: what is given is short, keeps the identity, and is never
 * wider than what was shown; an AWS or a role without it gives the role with the policy.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type Connected,
  connect,
  everything,
  role,
  startConnected,
  startGrant,
  trustIn,
} from '../cloud/aws-connected.ts'
import type { IssuedKey } from '../cloud/aws-sts.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'

const whenMoto = { ...needs('moto'), timeout: HANGS_AFTER_MS }

let connected: Connected

before(async () => {
  if (whenMoto.skip === false) connected = await startConnected({ hasScoped: true })
})

after(() => connected?.close())

const secondsOf = (key: IssuedKey | null | undefined) =>
  Math.round(((key ?? assert.fail('nothing was given')).expiresAt - Date.now()) / 1_000)

/** What STS was asked from here on. */
function watchSts() {
  const before = connected.cloud.sts().length
  return () => connected.cloud.sts().slice(before)
}

interface Given {
  readonly workspace: string
  readonly policy?: object
  readonly seconds?: number
}

async function granted({ workspace: name, policy = everything, seconds = 3600 }: Given) {
  const { id, workspace, subjects } = await connect(connected, name)
  connected.roles.splice(0, connected.roles.length)
  connected.roles.push({ arn: role('apply'), policy, trust: trustIn(subjects.apply) })
  return startGrant(connected, { workspace: workspace.name, id, seconds })
}

test('what is given is a part of the role for ten minutes, as the grant', whenMoto, async () => {
  const { ask } = await granted({ workspace: 'payments/scoped' })
  const asked = watchSts()

  const answer = await ask(1)

  assert.ok(answer.ok, JSON.stringify(answer))
  const [own, part] = asked()
  assert.deepEqual(
    asked().map(({ operation }) => operation),
    ['AssumeRoleWithWebIdentity', 'GetScopedCredentials'],
  )
  assert.ok(answer.value.form === 'aws_session')
  assert.equal(answer.value.accessKeyId, part?.given?.accessKeyId)
  assert.ok(secondsOf(part?.given) <= 600)
  // The whole session has no policy of its own and stays on the server.
  assert.equal(own?.given?.session.policyText, null)
  assert.ok(!JSON.stringify(answer).includes(own?.given?.accessKeyId ?? 'none'))
  assert.equal(part?.given?.session.within?.name, own?.given?.session.name)
  assert.match(part?.given?.session.sourceIdentity ?? '', /^grn_/)
  const { policyText } = part?.given?.session ?? assert.fail('nothing was given')
  assert.match(policyText ?? '', /"Statement":/)
})

test('near its end a grant is still served, with what ends with it', whenMoto, async () => {
  const { ask } = await granted({ workspace: 'payments/short', seconds: 420 })
  const asked = watchSts()

  const answer = await ask(1)

  assert.ok(answer.ok, JSON.stringify(answer))
  const seconds = secondsOf(asked().at(-1)?.given)
  assert.ok(seconds > 300 && seconds <= 420, String(seconds))
})

test('too little time is no session, and says how much is needed', whenMoto, async () => {
  const { ask } = await granted({ workspace: 'payments/shorter', seconds: 120 })

  const answer = await ask(1)

  assert.equal(answer.ok ? 'given' : answer.problem.code, 'grant_too_short')
})

test(
  'a role that does not permit parts gives itself with the policy, and is not asked twice',
  whenMoto,
  async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        ...everything.Statement,
        { Effect: 'Deny', Action: 'sts:GetScopedCredentials', Resource: '*' },
      ],
    }
    const { ask } = await granted({ workspace: 'payments/denied', policy })
    const asked = watchSts()

    const first = await ask(1)
    const second = await ask(2)

    assert.ok(first.ok && second.ok, JSON.stringify([first, second]))
    assert.deepEqual(
      asked().map(({ operation, given }) => [operation, given?.session.policyText != null]),
      [
        ['AssumeRoleWithWebIdentity', false],
        ['GetScopedCredentials', false],
        ['AssumeRoleWithWebIdentity', true],
        ['AssumeRoleWithWebIdentity', true],
      ],
    )
    assert.ok(secondsOf(asked().at(-1)?.given) > 870)
  },
)

test(
  'a part that AWS finds too large is refused, not given without its policy',
  whenMoto,
  async () => {
    const { ask } = await granted({ workspace: 'payments/packed' })
    connected.sts.isPackedTooLarge = true
    const asked = watchSts()

    const answer = await ask(1)
    connected.sts.isPackedTooLarge = false

    assert.equal(answer.ok ? 'given' : answer.problem.code, 'too_large_for_cloud')
    assert.equal(asked().at(-1)?.operation, 'GetScopedCredentials')
  },
)
