/** Connections, proofs, the kill switch and the issuer from the terminal, with clouds that verify. */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { after, before, test } from 'node:test'
import { adminSecretIn } from '../../packages/server/test/server-story.ts'
import { type Clouds, finished, startClouds, started, WORKSPACE } from '../cloud/trust/given.ts'
import { run } from '../harness/command.ts'

let clouds: Clouds
let token: string
before(async () => {
  clouds = await startClouds()
  token = await adminSecretIn(clouds.story.dataDir)
})
after(() => clouds.close())

async function say(who: string, ...args: readonly string[]) {
  const identity = who === 'admin' ? { token } : { as: who }
  const ended = await run(clouds.story, args, { folder: tmpdir(), ...identity })
  return { code: ended.code, text: ended.out + ended.err, out: ended.out }
}

test('a connection that is set says exactly what its cloud has to demand', async () => {
  const { vault, story } = clouds
  const names = ['--account', vault.url, '--apply', 'payments-apply', '--plan', 'payments-plan']
  const args = ['access', 'connection', 'set', WORKSPACE, 'vault', ...names]

  const set = await say('admin', ...args, '--setting', 'mount=jwt')

  assert.equal(set.code, 0, set.text)
  const row = clouds.rows.get('vault') ?? assert.fail('no connection')
  for (const line of [row.id, `iss  ${story.url}`, `aud  ${row.audience}`])
    assert.ok(set.text.includes(line), set.text)
  assert.ok(set.text.includes(`sub  ${row.subjects.apply}\n`), set.text)
  assert.ok(set.text.includes(`sub  ${row.subjects.plan}\n`), set.text)
  const again = await say('admin', ...args, '--setting', 'mount')
  assert.equal(again.code, 2)
  assert.match(again.text, /--setting name=value/)
  assert.equal((await say('mira', ...args)).code, 1)
})

test('the list is one document for programs, and a removed connection is not in it', async () => {
  await clouds.story.admin.call('changeAccess', {
    body: { type: 'create_workspace', name: 'other' },
  })
  const other = ['--account', 'https://vault.example', '--apply', 'a', '--json']
  const set = await say('admin', 'access', 'connection', 'set', 'other', 'vault', ...other)
  const { id, subjects } = JSON.parse(set.out)
  assert.equal(subjects.plan, null)

  const removed = await say('admin', 'access', 'connection', 'remove', id)

  assert.equal(removed.code, 0, removed.text)
  const listed = await say('admin', 'access', 'connection', 'list', '--json')
  const { connections } = JSON.parse(listed.out)
  assert.equal(connections.length, 4)
  assert.equal((await say('admin', 'access', 'connection', 'remove', 'con')).code, 2)
})

test('doctor --cloud tries every trust, and fails when one is too wide', async () => {
  const well = await say('admin', 'doctor', '--cloud')
  const row = clouds.rows.get('kubernetes') ?? assert.fail('no connection')
  const foreign = `workspace:wsp_0000000000000000:phase:apply:to:${row.id}`
  clouds.users.set(foreign, 'payments-apply')
  const wide = await say('admin', 'doctor', '--cloud')
  clouds.users.delete(foreign)

  assert.equal(well.code, 0, well.text)
  assert.match(well.text, /4 of 4 trusts as expected/)
  assert.match(well.text, /ok {6}plan, whether it can write: It may do none of 9 things that write/)
  assert.match(well.text, /\? {7}plan, whether it can write: Nothing there can be asked/)
  assert.equal(wide.code, 1)
  assert.match(wide.text, /BROKEN {2}apply, a token of another workspace: expected refused, found/)
})

test('a live grant is seen with what it would be and was given, and is revoked by who may', async () => {
  const change = await started(clouds.story, 'terminal')
  const shown = await say('jonas', 'show', change.change)
  assert.match(shown.text, /Credentials {4}Vault http.* as payments-apply/)
  assert.match(shown.text, /! the whole role, because/)
  const listed = await say('jonas', 'grants')
  assert.match(listed.text, /live since .* until .* at most/)

  const refused = await say('theo', 'grants', 'revoke', '--all')
  const revoked = await say('jonas', 'grants', 'revoke', '--all', '--reason', 'wrong account')

  assert.equal(refused.code, 1, refused.text)
  assert.match(refused.text, /is not revoked/)
  assert.equal(revoked.code, 0, revoked.text)
  assert.match(revoked.text, /^Revoked/)
  assert.match((await say('jonas', 'show', change.change)).text, /! revoked/)
  assert.match((await say('jonas', 'grants', 'revoke', '--all')).text, /No grant is live/)
  assert.equal((await say('jonas', 'grants', 'revoke')).code, 2)
  await finished(clouds.story, change)
})

test('a key is rotated, and dropped, by an admin alone', async () => {
  assert.equal((await say('mira', 'issuer', 'rotate')).code, 1)
  const rotated = await say('admin', 'issuer', 'rotate')
  assert.match(rotated.text, /^Done {2}issuer rotate/)

  const dropped = await say('admin', 'issuer', 'rotate', '--drop')

  assert.equal(dropped.code, 0, dropped.text)
  assert.match(dropped.text, /Dropped .* clouds refuse it/)
})
