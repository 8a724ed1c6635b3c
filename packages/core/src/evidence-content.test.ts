import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EVENTS } from '../test/events.ts'
import { givenChangeId, givenDigest, givenWorkspaceId, NOW, SYSTEM_REF } from '../test/given.ts'
import type { AnyEvent, Entry, Stream } from './entry.ts'
import { referencedEvidence, referencedTexts } from './evidence-content.ts'

const entry = (event: AnyEvent, stream: Stream = givenChangeId()): Entry => ({
  v: 1,
  seq: 0,
  at: NOW,
  stream,
  actor: SYSTEM_REF,
  event,
})
const { change_opened, evaluated, execution_refused, policy_pushed } = EVENTS
const own = givenWorkspaceId()

test('evidence is what entries name, in the workspace of their change', () => {
  const entries = [
    entry(change_opened),
    entry(evaluated),
    entry(execution_refused),
    entry({ ...execution_refused, names: null }),
    entry(policy_pushed, 'policy'),
  ]

  assert.deepEqual(
    [...referencedEvidence(entries)].toSorted(),
    [
      `${own} ${change_opened.planDocument}`,
      `${own} ${change_opened.binding.source}`,
      `${own} ${change_opened.binding.inputs}`,
      `${own} ${evaluated.findings}`,
      `${own} ${execution_refused.names}`,
      `policy ${policy_pushed.document}`,
    ].toSorted(),
  )
})

test('the findings of one workspace are not evidence of another', () => {
  const other = { ...change_opened, workspace: givenWorkspaceId('other') }
  const entries = [
    entry(change_opened),
    entry(other, givenChangeId('two')),
    entry(evaluated, givenChangeId('two')),
  ]

  const named = referencedEvidence(entries)

  assert.equal(named.has(`${givenWorkspaceId('other')} ${evaluated.findings}`), true)
  assert.equal(named.has(`${own} ${evaluated.findings}`), false)
})

test('texts are what people typed and who they are', () => {
  const { approved, rejected, outcome_resolved, person_added } = EVENTS
  const why = givenDigest('why')
  const named = (event: AnyEvent) => [...referencedTexts([entry(event)])]

  assert.deepEqual(named({ ...change_opened, words: why }), [why])
  assert.deepEqual(named({ ...change_opened, words: null }), [])
  assert.deepEqual(named({ ...change_opened, words: null, agentName: why }), [why])
  assert.deepEqual(named({ ...approved, reason: why }), [why])
  assert.deepEqual(named({ ...approved, reason: null }), [])
  assert.deepEqual(named({ ...rejected, reason: why }), [why])
  assert.deepEqual(named({ ...outcome_resolved, reason: why }), [why])
  assert.deepEqual(named(person_added), [person_added.profile])
  assert.deepEqual(named(policy_pushed), [])
})
