import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange } from '../../test/given.ts'
import { requesterName, requesterWords } from './actors.ts'

const lars = { kind: 'person', id: null, name: 'Lars Holm' } as const
const token = { kind: 'token', id: null, name: 'ci' } as const

test('an agent is named with who stands behind it', () => {
  const given = givenChange({ agent: true, agentName: 'deploy-bot', requester: lars })
  const { name, agent, trust } = requesterWords(given)

  assert.deepEqual(
    [name, agent, trust],
    ['an agent (deploy-bot) for Lars Holm', true, 'on a self-reported runner'],
  )
})

test('a token’s agent is called by the token’s name, and a person by their own', () => {
  const agent = { agent: true, agentName: null }

  assert.equal(requesterName({ ...agent, requester: token }), 'an agent (ci)')
  assert.equal(requesterName({ ...agent, requester: lars }), 'an agent for Lars Holm')
  assert.equal(requesterName({ agent: false, agentName: null, requester: lars }), 'Lars Holm')
})
