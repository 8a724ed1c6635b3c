/**
 * The trust of a connection, tried from outside: what `doctor --cloud` proves, a role that trusts the
 * server itself, and a policy that AWS finds too large, against an STS that verifies for real.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parseConnectionId } from '@holdpoint/core'
import { accept } from '../../packages/server/test/server-story.ts'
import {
  type Connected,
  connect,
  connection,
  everything,
  role,
  SERVER_KEY,
  startConnected,
  startGrant,
  trustIn,
} from '../cloud/aws-connected.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'

const whenMoto = { ...needs('moto'), timeout: HANGS_AFTER_MS }

let connected: Connected

before(async () => {
  if (whenMoto.skip === false) connected = await startConnected()
})

after(() => connected?.close())

test(
  'a trust that demands exactly this token is proven, and a wider one is not',
  whenMoto,
  async () => {
    const { id, subjects } = await connect(connected, 'payments/dev')
    const { story, roles } = connected
    roles.push(
      { arn: role('apply'), policy: everything, trust: trustIn(subjects.apply) },
      // A trust that was set up for the wrong phase.
      { arn: role('plan'), policy: everything, trust: trustIn(subjects.apply) },
    )

    const params = { connection: parseConnectionId(id) ?? assert.fail('no id') }
    const proved = await story.admin.call('proveConnection', { params, body: {} })

    assert.ok(proved.ok, JSON.stringify(proved))
    const wrong = proved.value.proofs.filter(({ expected, found }) => expected !== found)
    assert.deepEqual(
      wrong.map(({ phase, tried, found }) => [phase, tried, found]),
      [
        ['plan', 'the right token', 'refused'],
        ['plan', 'a token of the other phase', 'accepted'],
      ],
    )
    assert.equal(proved.value.proofs.length, 10)
  },
)

test('a role that plans is asked whether it can write, and says so', whenMoto, async () => {
  const { id, subjects } = await connect(connected, 'payments/writes')
  const { story, roles } = connected
  const params = { connection: parseConnectionId(id) ?? assert.fail('no id') }
  const may = (...Action: readonly string[]) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  })
  const writing = async (policy: object) => {
    roles.splice(0, roles.length)
    roles.push(
      { arn: role('apply'), policy: everything, trust: trustIn(subjects.apply) },
      { arn: role('plan'), policy, trust: trustIn(subjects.plan ?? '') },
    )
    const answer = await story.admin.call('proveConnection', { params, body: {} })
    return answer.ok ? answer.value.writing : answer.problem.code
  }

  assert.deepEqual(await writing(may('s3:Get*', 'iam:Simulate*')), {
    found: 'none',
    says:
      'It may do none of 24 things that write; rights on single resources, under conditions, ' +
      'or by policies of resources are not looked at.',
  })
  assert.deepEqual(await writing(may('s3:*', 'iam:Simulate*')), {
    found: 'some',
    says: 'It may write: s3:PutObject, s3:DeleteObject, s3:DeleteBucket, s3:PutBucketPolicy.',
  })
  assert.deepEqual(await writing(may('s3:*')), {
    found: 'not_known',
    says: 'Not known: the role may not ask that of itself (iam:SimulatePrincipalPolicy).',
  })
  roles.splice(1, 1)
  const gone = await story.admin.call('proveConnection', { params, body: {} })
  assert.match(
    gone.ok ? (gone.value.writing?.says ?? '') : '',
    /^Not known: the role does not trust this workspace and phase, or is not there\.$/,
  )
})

test(
  'what AWS finds too large is refused, and never asked for without its policy',
  whenMoto,
  async () => {
    const { id, workspace, subjects } = await connect(connected, 'payments/large')
    const { roles, sts } = connected
    roles.splice(0, roles.length)
    roles.push({ arn: role('apply'), policy: everything, trust: trustIn(subjects.apply) })
    const { ask } = await startGrant(connected, { workspace: workspace.name, id })

    sts.isPackedTooLarge = true
    const large = await ask(1)
    sts.isPackedTooLarge = false
    const small = await ask(2)

    assert.equal(large.ok ? 'given' : large.problem.code, 'too_large_for_cloud')
    assert.equal(small.ok, true, JSON.stringify(small))
  },
)

test(
  'a role that trusts the server is bound only after it refused everybody else',
  whenMoto,
  async () => {
    const { story, roles } = connected
    await accept(story, { type: 'create_workspace', name: 'payments/own' })
    const access = await story.as('theo').call('access', {})
    const workspace = access.ok
      ? access.value.workspaces.find(({ name }) => name === 'payments/own')?.id
      : undefined
    const settings = { region: 'eu-central-1', trust: 'server' }
    const body = connection('payments/own', { plan: null, settings })
    const assumedBy = (externalId: string) => {
      roles.splice(0, roles.length)
      const { accessKeyId } = SERVER_KEY
      const by = { accessKeyId, externalId }
      roles.push({ arn: role('apply'), policy: everything, trust: null, assumedBy: by })
    }

    assumedBy('workspace:wsp_0000000000000000:phase:apply')
    const ofAnother = await story.admin.call('changeAccess', { body })
    assumedBy(`workspace:${workspace}:phase:apply`)
    const ours = await story.admin.call('changeAccess', { body })

    assert.match(
      ofAnother.ok ? '' : ofAnother.problem.detail,
      /of another workspace: it should have/,
    )
    assert.equal(ours.ok, true, JSON.stringify(ours))
  },
)
