import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@holdpoint/api/client'
import { givenJob, Repository } from '../../testing/given.ts'
import { AWAY_MS_MAX } from '../patience.ts'
import { startRun } from '../run.ts'
import { terraform } from './index.ts'

/** Plans for ten seconds unless it is interrupted, and then cleans up as the real ones do. */
const SLOW_TOOL = `#!/bin/sh
trap 'echo cleaned up >> said.txt; exit 1' INT
echo planning >> said.txt
sleep 10 &
wait
echo planned >> said.txt
`

test('what the server refuses interrupts the planning, which may clean up', async () => {
  const repository = new Repository({ 'main.tf': '', 'terraform.sh': SLOW_TOOL })
  const said = repository.path('said.txt')
  const program = repository.path('terraform.sh')
  const refusal = { code: 'not_found', title: 'No such workspace', status: 404 }
  const refuse = async () => {
    while (!existsSync(said)) await pause(10)
    return Response.json(refusal, { status: 404 })
  }

  const { ended } = startRun({
    tool: terraform({
      ...givenJob(repository, { folder: '.' }),
      tool: { kind: 'terraform', program },
    }),
    workspaceName: 'app',
    client: createClient({ baseUrl: 'http://127.0.0.1:1', fetch: refuse, headers: () => ({}) }),
    token: null,
    request: { pipeline: null, words: null, authors: [], agent: false, agentName: null },
    onEvent: () => undefined,
    environment: () => ({}),
    program: [],
    noWait: false,
    awayMsMax: AWAY_MS_MAX,
    whenInterrupted: 'leave',
    grantSeconds: 3600,
    onDifference: async () => 'stop',
  })
  const { ending, change } = await ended
  const lines = readFileSync(said, 'utf8')
  repository.remove()

  assert.deepEqual([ending.type, change], ['refused', null])
  assert.equal(lines, 'planning\ncleaned up\n')
})
