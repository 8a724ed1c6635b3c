import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPolicy } from '../../../../test/fixtures/policy-given.ts'
import { checkPlaces } from './places.ts'

const POLICY = givenPolicy(`
  - name: production
    when: workspace.labels.env == "prod" && workspace.labels['tier'] == "one"
    deny: true
    message: Not here
  - name: named
    when: workspace.name == "pay/prdo" || "team" in workspace.labels
    deny: true
    message: Not there
`)

test('labels that no workspace has and names that none has are said, by rule', () => {
  const places = [{ name: 'pay/prod', labels: { env: 'prod' } }]

  assert.deepEqual(
    checkPlaces(POLICY, places).map(({ rule, message }) => [rule, message]),
    [
      ['production', 'no workspace has a label tier'],
      ['named', 'no workspace has a label team'],
      ['named', 'there is no workspace pay/prdo'],
    ],
  )
})

test('what is there is not spoken of, nor anything while there is no workspace', () => {
  const labels = { env: 'prod', tier: 'two', team: 'x' }

  assert.deepEqual(checkPlaces(POLICY, [{ name: 'pay/prdo', labels }]), [])
  assert.deepEqual(checkPlaces(POLICY, []), [])
})
