import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConnectionId } from '@holdpoint/core'
import { plainInk } from './render.ts'
import { isAsExpected, type Proven, proofLines } from './render-grants.ts'

const id = parseConnectionId(`con_${'a'.repeat(16)}`) ?? assert.fail('no id')

function proven(kind: Proven['row']['kind']): Proven {
  const proof = { phase: 'apply', tried: 'the right token', expected: 'accepted' } as const
  const row = {
    id,
    kind,
    account: 'elsewhere',
    workspace: { name: 'payments/prod' },
  } as Proven['row']
  const proofs = [{ ...proof, found: 'not_tried', says: 'Try it there by hand' } as const]
  return { row, proofs, writing: null, problem: null }
}

test('what nobody can try from here is neither proven nor broken', () => {
  const lines = proofLines([proven('oidc')], plainInk)

  assert.equal(isAsExpected(proven('oidc')), true)
  assert.deepEqual(lines.slice(1), [
    '  ?       not tried. Try it there by hand',
    '0 of 1 trust as expected; 1 cannot be tried from here',
  ])
})

test('a cloud that was not found out about is not proven', () => {
  assert.equal(isAsExpected(proven('google')), false)
  assert.match(
    proofLines([proven('google')], plainInk).join('\n'),
    /BROKEN {2}apply, the right token/,
  )
  assert.equal(isAsExpected({ ...proven('oidc'), problem: 'It did not answer' }), false)
})
