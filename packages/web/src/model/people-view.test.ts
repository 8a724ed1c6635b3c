import assert from 'node:assert/strict'
import { test } from 'node:test'
import { removalLines, rolesText } from './people-view.ts'

test('what follows a removal is named, one thing a line', () => {
  const nothing = { approvals: 0, teams: [], rules: [], workspaces: [], lastAdmin: false }

  assert.deepEqual(removalLines(nothing), ['No approval of theirs is in an open change.'])
  assert.deepEqual(
    removalLines({
      approvals: 3,
      teams: ['dba'],
      rules: ['stateful-destroy', 'default'],
      workspaces: ['payments/prod'],
      lastAdmin: true,
    }),
    [
      '3 approvals of theirs stop counting.',
      'Nobody is left who administers.',
      'Nobody is left in dba.',
      'Too few are left for stateful-destroy and default: some changes would wait until they expire.',
      'Nobody is left who owns payments/prod.',
    ],
  )
  assert.equal(
    removalLines({ ...nothing, approvals: 1 })[0],
    '1 approval of theirs stops counting.',
  )
})

test('roles are said by where they are given', () => {
  const roles = [
    { role: 'approver', workspace: null },
    { role: 'auditor', workspace: null },
    { role: 'admin', workspace: 'edge/dns' },
  ] as const

  assert.equal(rolesText({ roles }), 'approver and auditor everywhere, admin in edge/dns')
  assert.equal(rolesText({ roles: [] }), 'no role')
})
