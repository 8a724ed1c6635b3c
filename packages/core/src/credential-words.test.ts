import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONNECTION_KINDS } from './connection.ts'
import { cutOffWords, honouredWords, lifetimeWords, narrowedWords } from './credential-words.ts'

test('what is not narrowed is never called so', () => {
  const whole = { kind: 'aws', narrowed: false, policy: null } as const

  assert.equal(narrowedWords(whole), 'the whole role, because')
  assert.equal(narrowedWords({ ...whole, kind: 'azure' }), 'the whole application, because')
  assert.equal(narrowedWords({ ...whole, policy: '{}' }), 'narrowed only in part, because')
  assert.equal(narrowedWords({ ...whole, narrowed: true, policy: '{}' }), 'narrowed to this plan')
})

test('a lifetime is in minutes, and never shorter than it is', () => {
  assert.equal(lifetimeWords({ seconds: 900 }), '15 minutes at most, renewed while it runs')
  assert.equal(lifetimeWords({ seconds: 59 }), '1 minute at most, renewed while it runs')
})

test('until when a cloud honours it says what the token was exchanged for, and where to end it', () => {
  assert.equal(honouredWords('aws', '02:45'), 'AWS honours it until 02:45')
  assert.match(honouredWords('google', '02:45'), /ends 02:45; .* can live ten minutes more/)
  for (const kind of CONNECTION_KINDS) {
    assert.match(honouredWords(kind, '02:45'), /02:45/)
    assert.match(cutOffWords(kind), /^Sooner: /)
  }
})
