/** The account that planned, asked of a service that speaks AWS's protocol. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { awsAccount } from '../../packages/cli/src/runner/aws-account.ts'
import { find, freePort, HANGS_AFTER_MS, needs } from '../harness/machine.ts'

const whenMoto = { ...needs('moto'), timeout: HANGS_AFTER_MS }
let service: ChildProcess | null = null
let url = ''

before(async () => {
  const program = find('moto')
  if (program === null) return
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  service = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const deadline = Date.now() + 30_000
  while (!(await answers()) && Date.now() < deadline) await pause(100)
})

after(() => {
  service?.kill()
})

async function answers(): Promise<boolean> {
  return await fetch(`${url}/moto-api/`).then(
    (response) => response.ok,
    () => false,
  )
}

const keys = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
  AWS_REGION: 'eu-west-1',
}

test('keys in the environment tell their account', whenMoto, async () => {
  const general = await awsAccount({ ...keys, AWS_ENDPOINT_URL: url }, '/')
  const own = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_STS: url }
  const particular = await awsAccount({ ...keys, ...own }, '/')

  assert.deepEqual([general, particular], ['123456789012', '123456789012'])
})
