import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenView } from '../../../../test/fixtures/change-given.ts'
import { runDocument } from './run-document.ts'

const HELD = { exitCode: 75, ending: { type: 'held' }, toolExitCode: null } as const

test('a held change tells programs its link, the rules, who is needed and until when', () => {
  const view = givenView()
  const result = { ...HELD, change: null }

  assert.deepEqual(runDocument(result, { logEntry: null, view }), {
    ...result,
    logEntry: null,
    url: view.url,
    findings: view.findings,
    requirement: view.evaluation?.requirement,
    slots: view.slots,
    missing: view.missing,
    dueAt: view.dueAt,
  })
})

test('a fault keeps its cause to itself, and without a change nothing is told of one', () => {
  const ending = { type: 'fault', sentence: 'It did not answer', cause: new Error('x') } as const
  const result = { exitCode: 3, ending, change: null, toolExitCode: null } as const

  assert.deepEqual(runDocument(result, { logEntry: null, view: null }), {
    ...result,
    ending: { type: 'fault', sentence: 'It did not answer' },
    logEntry: null,
  })
})
