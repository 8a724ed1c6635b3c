import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AGENT_NAME_MAX, agentNameFrom, isAgentName, requesterText } from './requester-words.ts'

const lars = { name: 'Lars Holm', isPerson: true, agent: true, agentName: 'deploy-bot' }
const token = { name: 'ci', isPerson: false, agent: true, agentName: null }

test('an agent is called one, and so is who stands behind it', () => {
  assert.equal(requesterText({ ...lars, agent: false, agentName: null }), 'Lars Holm')
  assert.equal(requesterText(lars), 'an agent (deploy-bot) for Lars Holm')
  assert.equal(requesterText({ ...lars, agentName: null }), 'an agent for Lars Holm')
  assert.equal(requesterText(token), 'an agent (ci)')
  assert.equal(requesterText({ ...token, agentName: 'deploy-bot' }), 'an agent (ci, as deploy-bot)')
})

test('a name that an agent gives itself cannot leave its brackets', () => {
  for (const name of ['deploy-bot', 'Visual Code', 'équipe@ci/2.1+x', 'a'.repeat(AGENT_NAME_MAX)])
    assert.equal(isAgentName(name), true, name)
  for (const name of [
    '',
    ' a',
    'a ',
    'a  b',
    'bot) for Ines Duarte (',
    'bot", approved',
    'a\u202eb',
    'a\u200bb',
    'a\nb',
    '-bot',
    'a'.repeat(AGENT_NAME_MAX + 1),
  ])
    assert.equal(isAgentName(name), false, JSON.stringify(name))
})

test('of any other name what can be shown is kept, and where nothing can there is none', () => {
  assert.equal(agentNameFrom('bot) for Ines Duarte (x'), 'bot for Ines Duarte x')
  assert.equal(agentNameFrom('\u202e\u0007--deploy\u200bbot'), 'deploy bot')
  assert.equal(agentNameFrom('\u{10400}'.repeat(99))?.length, AGENT_NAME_MAX)
  assert.equal(agentNameFrom('"()"'), null)
  assert.equal(agentNameFrom(''), null)
  for (const name of ['x'.repeat(9000), `a ${'('.repeat(300)}b`, ' . a . '])
    assert.equal(isAgentName(agentNameFrom(name) ?? ''), true, name.slice(0, 20))
})
