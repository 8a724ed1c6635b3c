/** A change that an agent opened, on the terminal: an agent's words stay within their quotation. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPlan, givenResource, givenView, NOW } from '../../../test/fixtures/change-given.ts'
import { HOSTILE_WORDS, UNSHOWN } from '../../../test/fixtures/hostile-words.ts'
import { plainInk } from './render.ts'
import { renderChange } from './render-change.ts'
import { renderInbox } from './render-inbox.ts'

const manner = { ink: plainInk, columns: 80, full: false, now: NOW }
const plan = givenPlan([givenResource({})])
const lars = { kind: 'person', id: null, name: 'Lars Holm' } as const
const agents = { agent: true, agentName: 'deploy-bot', requester: lars, words: 'Two more queues' }
const rendered = (about: object) =>
  renderChange({ view: givenView({ ...agents, ...about }), plan, checked: true }, manner)

test('whose agent it is and why stands below the headline', () => {
  const lines = rendered({})

  assert.match(
    lines[1] ?? '',
    /^8fq2kd {2}payments\/prod {3}by an agent \(deploy-bot\) for Lars Holm, on a self-reported runner/,
  )
  assert.equal(lines[2], '  the agent’s reason: "Two more queues"')
  assert.match(rendered({ agentName: null })[1] ?? '', / by an agent for Lars Holm, /)
})

test('a token’s agent is called by the token’s name first', () => {
  const requester = { kind: 'token', id: null, name: 'ci' } as const

  assert.match(rendered({ requester })[1] ?? '', / by an agent \(ci, as deploy-bot\), /)
})

test('an inbox names the agent and its person', () => {
  const inbox = { needsYou: [givenView(agents)], waitingForOthers: [], yours: [] }

  const lines = renderInbox(inbox, manner)

  assert.match(lines.join('\n'), / by an agent \(deploy-bot\) for Lars Holm /)
})

test('whatever the reason is, it is one line between the marks that are ours', () => {
  const plainLines = rendered({})
  for (const [name, words] of Object.entries(HOSTILE_WORDS)) {
    const lines = rendered({ words })
    const quoted = lines[2] ?? ''

    assert.equal(lines.length, plainLines.length, name)
    assert.deepEqual(lines.toSpliced(2, 1), plainLines.toSpliced(2, 1), name)
    assert.match(quoted, /^ {2}the agent’s reason: "(?:[^"\\]|\\.)*"$/, name)
    for (const line of lines) assert.doesNotMatch(line, UNSHOWN, name)
  }
})

test('a name that got past every check would still be escaped', () => {
  for (const [name, agentName] of Object.entries(HOSTILE_WORDS)) {
    const inbox = {
      needsYou: [givenView({ ...agents, agentName })],
      waitingForOthers: [],
      yours: [],
    }

    for (const line of [...rendered({ agentName }), ...renderInbox(inbox, manner)])
      assert.doesNotMatch(line, UNSHOWN, name)
  }
})
