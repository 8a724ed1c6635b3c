import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createScreen } from '../render.ts'
import { readSettings } from '../settings.ts'
import { Ended } from './ended.ts'
import { requestOf } from './job.ts'
import { parseLine } from './parse.ts'
import { commandRows } from './table.ts'

async function request(...words: readonly string[]) {
  const found = parseLine(['apply', ...words], commandRows)
  assert.ok(found.ok && found.parsed.type === 'call')
  const { row, line } = found.parsed
  const settings = readSettings(line.flags, {})
  return await requestOf({ row, ...line, settings, screen: createScreen({ json: false }) })
}

async function refusal(...words: readonly string[]) {
  const ended = await request(...words).catch((error: unknown) => error)
  assert.ok(ended instanceof Ended)
  return [ended.exitCode, ended.explained.title]
}

test('a person may say why, an agent must', async () => {
  const person = await request()
  const agent = await request('--agent', '-m', 'Two more queues')

  assert.deepEqual([person.agent, person.agentName, person.words], [false, null, null])
  assert.deepEqual([agent.agent, agent.agentName, agent.words], [true, null, 'Two more queues'])
  for (const words of [[], ['-m', ' ']])
    assert.deepEqual(await refusal('--agent', ...words), [
      2,
      'An agent says why: --agent needs --words <text>',
    ])
})

test('a name of an agent says that one asks, and is one that can be shown', async () => {
  const { agent, agentName } = await request('--agent-name', 'deploy-bot', '-m', 'why')

  assert.deepEqual([agent, agentName], [true, 'deploy-bot'])
  assert.deepEqual((await refusal('--agent-name', 'deploy-bot'))[0], 2)
  const [code, title] = await refusal('--agent-name', 'x) for Ines (', '-m', 'why')
  assert.equal(code, 2)
  assert.match(String(title), /^--agent-name is at most 64 letters, digits and/)
})
