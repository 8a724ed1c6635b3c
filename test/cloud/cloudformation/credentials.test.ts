/** Whose credentials execute a change set, where the run has a broker. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cloudformation } from '../../../packages/cli/src/runner/cloudformation/index.ts'
import { Interrupts } from '../../../packages/cli/src/runner/interrupts.ts'
import { WORKSPACE } from '../../../packages/cli/src/testing/given.ts'
import { deployment, executedBy, jobOf, permit, templateOf, thing } from './given.ts'
import { CloudFormation } from './service.ts'

test('a run with a broker executes with the keys of its grant and no others', async (context) => {
  const cloud = new CloudFormation()
  await cloud.start()
  context.after(async () => await cloud.stop())
  permit(cloud)
  cloud.keys.set('ASIAGRANTED', 'everything')
  const tool = cloudformation(jobOf(cloud, deployment(templateOf({ One: thing() }))))
  const onEvent = () => undefined
  const interrupts = new Interrupts(onEvent)
  const prepared = await tool.prepare({
    reserve: async () => ({ workspace: WORKSPACE, hidingKey: new Uint8Array(32), previous: null }),
    granted: async () => null,
    ...{ token: null, interrupts, onEvent },
  })
  const session = {
    secretAccessKey: 'granted',
    sessionToken: 'token',
    expiresAt: 4_000_000_000_000,
  }
  const broker = {
    env: {},
    count: () => 1,
    hide: String,
    credential: async () =>
      ({ form: 'aws_session', accessKeyId: 'ASIAGRANTED', ...session }) as const,
    endGrant: async () => undefined,
    close: async () => undefined,
  }

  const { outcome } = await tool.execute(prepared, { grant: 'g', broker, interrupts, onEvent })

  assert.equal(outcome?.result, 'applied')
  assert.deepEqual(executedBy(cloud), ['ASIAGRANTED'])
})
