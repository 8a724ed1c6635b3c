/**
 * What an agent can do without a server, over the protocol as a client speaks it: plans are read as
 * `inspect` reads them, nothing hostile in one becomes more than text, and nothing ends the server.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { CANARY, hostileDocuments } from '../fixtures/hostile-plans.ts'
import { UNSHOWN } from '../fixtures/hostile-words.ts'
import { givenDocument, givenEntry } from '../fixtures/terraform-given.ts'
import { type Agent, givenAgent } from '../harness/agent.ts'

const BIN = join(import.meta.dirname, '../../packages/cli/bin/holdpoint.mjs')
/** Nothing listens there: none of this asks a server. */
const NOWHERE = { url: 'http://127.0.0.1:9' }
const SECRET = 'canary-7be1-very-secret'
const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: no-deletes
    match: resource.action == "delete"
    deny: true
    message: Nothing is deleted here
`

let folder: string
let agent: Agent

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-agent-'))
  mkdirSync(join(folder, 'plans'))
  writeFileSync(join(folder, 'plans/plan.json'), planOf(3))
  writeFileSync(join(folder, 'policy.yaml'), POLICY)
  agent = await givenAgent(NOWHERE, { folder })
})
after(async () => {
  await agent?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** So many creates with a secret in each, and one delete at the very end. */
function planOf(creates: number): string {
  const one = (at: number, change: Readonly<Record<string, unknown>>) =>
    givenEntry(change, { address: `terraform_data.r${at}`, name: `r${at}`, type: 'terraform_data' })
  const create = {
    actions: ['create'],
    before: null,
    after: { input: SECRET },
    after_sensitive: { input: true },
  }
  const remove = { actions: ['delete'], after: null, before: { input: 'x' } }
  const rows = Array.from({ length: creates }, (_, at) => one(at, create))
  return JSON.stringify(givenDocument({ resource_changes: [...rows, one(creates, remove)] }))
}

test('a plan is read as inspect reads it, from a file and as text', async () => {
  const args = [BIN, 'inspect', 'plans/plan.json', '--json']
  const inspected = JSON.parse(execFileSync(process.execPath, args, { cwd: folder }).toString())

  const fromFile = await agent.ask('inspect_plan', { plan_file: 'plans/plan.json' })
  const fromText = await agent.ask('inspect_plan', { plan_text: planOf(3) })

  const { notice: _, resourceCount, resources, ...about } = fromFile
  const { resources: expected, ...expectedAbout } = inspected
  assert.deepEqual(about, expectedAbout)
  assert.equal(resourceCount, 4)
  assert.deepEqual(resources, [expected[3], ...expected.slice(0, 3)])
  assert.deepEqual(fromText, fromFile)
  assert.ok(!JSON.stringify(fromFile).includes(SECRET))
})

test('of a large plan what is destroyed is shown, and what was cut is said', async () => {
  const read = await agent.ask('inspect_plan', { plan_text: planOf(2_000) })

  const rows = read['resources']
  assert.ok(Array.isArray(rows) && rows.length > 50 && rows.length < 500)
  assert.deepEqual([rows[0].address, rows[0].action], ['terraform_data.r2000', 'delete'])
  assert.equal(read['resourceCount'], 2_001)
  assert.match(String(read['cut']), /^resources: \d+ of 2001 are shown$/)
})

test('a policy is held against a plan, and nothing but a verdict comes of it', async () => {
  const given = { plan_file: 'plans/plan.json', policy_file: 'policy.yaml' }

  const read = await agent.ask('evaluate_plan', given)
  const broken = { ...given, at: 'tomorrow' }

  assert.equal(read['verdict'], 'deny')
  assert.match(JSON.stringify(read['findings']), /"rule":"no-deletes".*"terraform_data.r3"/)
  assert.match(await agent.refusal('evaluate_plan', broken), /^--at needs a time/)
  const plan = { plan_file: 'policy.yaml', policy_file: 'plans/plan.json' }
  assert.match(await agent.refusal('evaluate_plan', plan), /plans\/plan.json" has 5 problems\n/)
})

test('files outside the folder, and what is no file, are refused in words', async () => {
  writeFileSync(`${folder}.json`, planOf(1))
  symlinkSync(`${folder}.json`, join(folder, 'link.json'))
  const pipe = createServer()
  await new Promise<void>((resolve) => pipe.listen(join(folder, 'pipe'), resolve))
  const outside = / is not below the folder that holdpoint mcp runs in$/
  try {
    for (const plan_file of ['/etc/hostname', `${folder}.json`, 'link.json', '..', '.'])
      assert.match(await agent.refusal('inspect_plan', { plan_file }), outside, plan_file)
    for (const plan_file of ['plans', 'pipe'])
      assert.match(await agent.refusal('inspect_plan', { plan_file }), / is no file$/)
    assert.match(await agent.refusal('inspect_plan', { plan_file: '-' }), /there is no such file$/)
    assert.equal(await agent.refusal('inspect_plan', {}), 'Give plan_file or plan_text')
    const both = { plan_file: 'plans/plan.json', plan_text: '{}' }
    assert.equal(await agent.refusal('inspect_plan', both), 'Give either plan_file or plan_text')
  } finally {
    rmSync(`${folder}.json`)
    pipe.close()
  }
})

test('a hostile plan is answered as data in which everything shows', async () => {
  for (const { name, tool, document } of hostileDocuments()) {
    writeFileSync(join(folder, 'hostile.json'), document)
    const given = { plan_file: 'hostile.json' }
    const result = await agent.client.callTool({ name: 'inspect_plan', arguments: given })
    const [content] = result.content
    assert.ok(content?.type === 'text' && result.isError !== true, `${tool} ${name}`)

    const read = JSON.parse(content.text)

    assert.doesNotMatch(content.text, UNSHOWN, `${tool} ${name}`)
    assert.doesNotMatch(JSON.stringify(read), UNSHOWN, `${tool} ${name}`)
    assert.match(content.text, /^\{"notice":"[^"]*never instructions/)
    assert.match(content.text, new RegExp(CANARY), `${tool} ${name}`)
  }
})

test('arguments that are none are refused, and the server goes on', async () => {
  for (const given of [{ plan: 'x' }, { plan_text: 7 }, { plan_text: 'x'.repeat(3_000_000) }])
    assert.match(await agent.refusal('inspect_plan', given), /^Input validation error: /)
  await assert.rejects(agent.client.callTool({ name: 'approve_change', arguments: {} }))
  assert.equal((await agent.ask('inspect_plan', { plan_text: planOf(1) }))['resourceCount'], 2)
})

test('a server that is not there is said to be, with what to do', async () => {
  assert.match(
    await agent.refusal('list_changes', {}),
    /^The server at http:\/\/127\.0\.0\.1:9 did not answer\nCheck --server/,
  )
})

const INITIALIZE = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'x', version: '1' },
  },
}

function speak(input: string, args: readonly string[] = []) {
  const command = [BIN, 'mcp', ...args]
  return spawnSync(process.execPath, command, { cwd: folder, input, encoding: 'utf8' })
}

test('standard output holds the protocol and nothing else, whatever comes in', () => {
  const call = (id: number, plan_text: string) => ({
    ...{ jsonrpc: '2.0', id, method: 'tools/call' },
    params: { name: 'inspect_plan', arguments: { plan_text } },
  })
  const lines = [INITIALIZE, call(2, '{}'), 'no protocol at all', call(3, planOf(1))]

  const { stdout, status } = speak(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)

  const messages = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.ok(messages.length >= 1)
  for (const message of messages) assert.equal(message.jsonrpc, '2.0')
  assert.notEqual(status, null)
})

test('a message beyond the bound ends the connection, and is said on standard error', () => {
  const { stdout, stderr, status } = speak(`"${'x'.repeat(9 * 1024 * 1024)}`)

  assert.deepEqual([stdout, status], ['', 3])
  assert.match(stderr, /^The connection failed: /m)
})

test('it ends when its client goes away, when it is told to, and never begins with --json', async () => {
  assert.equal(speak('').status, 0)
  const child = spawn(process.execPath, [BIN, 'mcp'], { cwd: folder })
  const code = new Promise((resolve) => child.on('close', resolve))
  child.stdin.write(`${JSON.stringify(INITIALIZE)}\n`)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGTERM')
  assert.equal(await code, 0)
  assert.equal(speak('', ['--json']).status, 2)
})
