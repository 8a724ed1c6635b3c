import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePersonId } from '@holdpoint/core'
import { givenPolicy } from '../../../../test/fixtures/policy-given.ts'
import { policyWarnings } from './policy-warnings.ts'

const POLICY = givenPolicy(`
  - name: destroys
    match: resource.action == "delete" && workspace.labels.env == "prod"
    hold: { approvals: [{ from: [team:dba], count: 1 }] }
    message: Destroys something
`)

function person(handle: string, teams: readonly string[], active = true) {
  const id = parsePersonId(`per_${handle.padEnd(16, '0')}`)
  assert.ok(id)
  return { id, handle, name: handle, active, breakGlass: false, teams, roles: [] }
}

const TEAMS = ['platform', 'dba'].map((name) => ({ name, members: [] }))
const given = (people: readonly ReturnType<typeof person>[], teams = TEAMS) => ({
  people,
  teams,
  workspaces: [],
  schedules: [],
  tokens: [],
})

test('a policy that everybody can fill has no warning', () => {
  const people = ['ada', 'ines', 'jonas'].map((each) => person(each, ['platform', 'dba']))

  assert.deepEqual(policyWarnings(POLICY, given(people)), [])
})

test('a team that is not there, and a hold that hangs on one person, are said by name', () => {
  const people = [person('ada', ['platform']), person('ines', ['platform'])]
  const withDba = [...people, person('jonas', ['dba']), person('gone', ['dba'], false)]

  assert.deepEqual(policyWarnings(POLICY, given(people, TEAMS.slice(0, 1))), [
    'line 5, destroys: there is no team:dba',
  ])
  assert.deepEqual(policyWarnings(POLICY, given(withDba)), [
    'line 5, destroys: only with jonas can this hold be filled, so nobody can approve what jonas asks for',
  ])
})
