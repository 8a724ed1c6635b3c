import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOB, givenAccess, NOW } from '../../core/test/given.ts'
import { refusalOf } from './permissions.ts'

test('a terminal is sent to the page only where the page would let its person', () => {
  const actor = { kind: 'person', id: BOB, assurance: 'token' } as const
  const ask = { action: 'change_access', on: 'installation', now: NOW } as const
  const admin = { person: BOB, role: 'admin', workspace: 'all' } as const

  const may = refusalOf({ access: givenAccess({ bindings: [admin] }), actor, ask })
  const mayNot = refusalOf({ access: givenAccess({ bindings: [] }), actor, ask })

  assert.deepEqual(may, { code: 'not_from_a_terminal', action: 'change_access' })
  assert.equal(mayNot.code, 'not_permitted')
})
