import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oidc } from './oidc.ts'

const problemOf = (variable: string) =>
  oidc.problem({ account: 'elsewhere', apply: 'a', plan: null, settings: { variable } })

test('a token’s path goes into a variable of its own, never into one that means something', () => {
  for (const variable of ['PATH', 'HOME', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'LD_PRELOAD', 'TF_VAR_A'])
    assert.match(problemOf(variable) ?? '', new RegExp(`${variable} means something else`))
  assert.equal(problemOf('DEPLOY_TOKEN_FILE'), null)
  assert.match(problemOf('') ?? '', /is the name of the environment variable/)
})
