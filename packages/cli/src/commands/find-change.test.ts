import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '@holdpoint/api/client'
import { CHANGE, givenView, NEWER } from '../../../../test/fixtures/change-given.ts'
import { findChange } from './find-change.ts'

function client(...ids: readonly (typeof CHANGE)[]) {
  const changes = ids.map((id) => givenView({ id }))
  const answer = async () => new Response(JSON.stringify({ changes }))
  return createClient({ baseUrl: '', headers: () => ({}), fetch: answer })
}

test('a whole id is taken as it is, with or without its prefix', async () => {
  assert.equal(await findChange(client(), CHANGE), CHANGE)
  assert.equal(await findChange(client(), CHANGE.replace('chg_', '')), CHANGE)
})

test('the beginning of an id is enough where it fits one change', async () => {
  assert.equal(await findChange(client(CHANGE, NEWER), '9pt'), NEWER)
  assert.equal(await findChange(client(CHANGE, NEWER), 'chg_8fq2kd'), CHANGE)
})

test('what fits several, none, or is no id is never guessed', async () => {
  const twin = CHANGE.replace(/0$/, '1')
  const two = client(CHANGE, NEWER)
  const twins = createClient({
    baseUrl: '',
    headers: () => ({}),
    fetch: async () => new Response(JSON.stringify({ changes: [{ id: CHANGE }, { id: twin }] })),
  })

  await assert.rejects(findChange(twins, '8fq'), { name: 'Ended', exitCode: 2 })
  await assert.rejects(findChange(two, 'zzz'), { name: 'Ended', exitCode: 1 })
  await assert.rejects(findChange(two, '8f'), { name: 'Ended', exitCode: 2 })
  await assert.rejects(findChange(two, '../etc'), { name: 'Ended', exitCode: 2 })
})
