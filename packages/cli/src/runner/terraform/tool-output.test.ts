import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plan } from '@holdpoint/core'
import { givenPlan, givenResource } from '../../../../../test/fixtures/change-given.ts'
import { EventParser } from '../change-stream.ts'
import { redactorOf } from '../output-redaction.ts'
import { Progress } from '../progress.ts'
import { secretTexts } from './secret-texts.ts'
import { readToolLine } from './tool-stream.ts'

const hookLine = (type: string, action: string) =>
  JSON.stringify({ type, '@message': 'm', hook: { resource: { addr: 'a.b' }, action } })

test('a line of the tool is a hook, a problem, text, or nothing new', () => {
  const problem = {
    type: 'diagnostic',
    diagnostic: { severity: 'error', summary: 's', detail: 'd', address: 'a.b' },
  }

  assert.deepEqual(readToolLine(hookLine('apply_complete', 'create')), {
    kind: 'hook',
    hook: { state: 'done', address: 'a.b', action: 'create' },
    text: 'm',
  })
  assert.deepEqual(readToolLine(JSON.stringify(problem)), {
    kind: 'problem',
    problem: { severity: 'error', summary: 's', detail: 'd', address: 'a.b' },
  })
  assert.deepEqual(readToolLine('{"type":"new_in_2030","@message":"x"}'), {
    kind: 'text',
    text: 'x',
  })
  assert.deepEqual(readToolLine('{not json'), { kind: 'text', text: '{not json' })
  assert.equal(readToolLine('{"type":"change_summary"}'), null)
})

test('a replace is done when its second step is', () => {
  const resources = [
    givenResource({ address: 'a.b', action: 'replace' }),
    givenResource({ address: 'c.d', action: 'create' }),
    givenResource({ address: 'e.f', action: 'noop' }),
    givenResource({ address: 'data.g.h', action: 'read' }),
  ]
  const progress = new Progress({ resources })
  const done = (address: string) => {
    progress.note({ state: 'done', address, action: '' })
    return progress.done
  }

  assert.equal(progress.total, 2)
  assert.deepEqual(
    [done('a.b'), done('data.g.h'), done('a.b'), done('a.b'), done('c.d')],
    [...[0, 0, 1, 1, 2]],
  )
})

test('known secrets are hidden wherever they stand, and whole before their parts', () => {
  const redact = redactorOf(['hunter2-long', 'hunter2', 'abc', 'line one\nline two'])

  assert.equal(redact('x hunter2-long y hunter2'), 'x (hidden) y (hidden)')
  assert.equal(redact('abc stays, it is too short'), 'abc stays, it is too short')
  assert.equal(redact('said: line two'), 'said: (hidden)')
})

test('what looks like a secret is hidden though nobody marked it', () => {
  const redact = redactorOf([])

  const shown = redact('key AKIAIOSFODNN7EXAMPLE used')

  assert.equal(shown.includes('AKIAIOSFODNN7EXAMPLE'), false)
})

test('secrets are taken from marks, sensitive variables, credentials and our token', () => {
  const resource = givenResource({
    after: { a: ['shown', 'masked'], b: 'c' },
    afterSensitive: { a: [false, true] },
  })
  const output: Plan['outputs'][number] = {
    name: 'all',
    action: 'create',
    actions: ['create'],
    before: null,
    beforeSensitive: false,
    after: { deep: 'all-of-it' },
    afterSensitive: true,
    afterUnknown: null,
    extra: {},
  }
  const variables = [
    { name: 'password', value: 'from-plan', sensitive: true },
    { name: 'plain', value: 'not-secret', sensitive: false },
  ]
  const plan = givenPlan([resource], { variables, outputs: [output] })
  const parsed = { plan: [], apply: [], flags: [], variableFiles: [] }

  const secrets = secretTexts({
    environment: { TF_VAR_password: 'from-env', TF_VAR_plain: 'x', AWS_SECRET_ACCESS_KEY: 'key' },
    arguments: { ...parsed, variables: [{ name: 'password', value: 'from-var' }] },
    token: 'hpt_token',
    plan,
  })

  assert.deepEqual(secrets.toSorted(), [
    ...['all-of-it', 'from-env', 'from-plan', 'from-var', 'hpt_token', 'key', 'masked'],
  ])
})

test('events of a stream are counted however their bytes are cut', () => {
  const text = ': hello\n\nid: 7\nevent: change\ndata: {}\n\ndata: {}\r\n\r\n'
  for (let size = 1; size <= text.length; size += 1) {
    const parser = new EventParser()
    let events = 0
    for (let at = 0; at < text.length; at += size) events += parser.add(text.slice(at, at + size))

    assert.deepEqual([events, parser.lastId], [2, '7'], `cut every ${size} characters`)
  }
})
