import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { createClient } from '@holdpoint/api/client'
import { givenJob, Repository } from '../../testing/given.ts'
import { AWAY_MS_MAX } from '../patience.ts'
import { startRun } from '../run.ts'
import { terraform } from './index.ts'

const TOOL = `#!/bin/sh
echo planning >> said.txt
`

test('where the server refuses nothing is planned, because it says whose credentials may be used', async () => {
  const repository = new Repository({ 'main.tf': '', 'terraform.sh': TOOL })
  const said = repository.path('said.txt')
  const program = repository.path('terraform.sh')
  const refusal = { code: 'not_found', title: 'No such workspace', status: 404 }
  const refuse = async () => Response.json(refusal, { status: 404 })

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
  const planned = existsSync(said)
  repository.remove()

  assert.deepEqual([ending.type, change], ['refused', null])
  assert.equal(planned, false)
})
