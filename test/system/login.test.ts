/**
 * A terminal comes to be somebody's: the first person by the server's link, `holdpoint login`, the
 * code confirmed on the page, and what the terminal may then do and not do.
 */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  accepted,
  acceptInvite,
  type Browser,
  inviteSomebody,
  welcomeFirst,
} from '../../packages/server/test/browser.ts'
import { run, start } from '../harness/command.ts'
import { type Installation, install } from '../harness/installation.ts'

let installation: Installation
let home: string
let mira: Browser
before(async () => {
  installation = await install({ mode: 'production' })
  home = await mkdtemp(join(tmpdir(), 'holdpoint-home-'))
  const ada = await welcomeFirst(installation.url, installation.server.firstLink?.link ?? '')
  const link = await inviteSomebody(ada, { handle: 'mira' })
  const came = await acceptInvite(installation.url, link)
  accepted(came.answer)
  mira = came.browser
})
after(async () => {
  await installation.close()
  await rm(home, { recursive: true, force: true })
})

function options() {
  return { folder: home, environment: { HOME: home, XDG_CONFIG_HOME: '' } }
}

async function login(allow: boolean) {
  const running = start(installation, ['login'], options())
  const text = await running.says(/shows {2}[A-Z]{5}-[A-Z]{5}\n/)
  const userCode = /shows {2}([A-Z]{5}-[A-Z]{5})/.exec(text)?.[1] ?? ''
  accepted(await mira.client.call('answerTerminal', { body: { userCode, allow } }))
  return { text, ended: await running.ended }
}

const folder = () => join(home, '.config', 'holdpoint', 'terminals')

test('a code that is refused connects nothing', async () => {
  const { text, ended } = await login(false)

  assert.match(text, /^Open {2}http:\/\/localhost:\d+\/device\?code=[A-Z]{5}-[A-Z]{5}$/m)
  assert.equal(ended.code, 1)
  assert.match(
    ended.err,
    /^This terminal is not connected\n {2}The code was refused on the page\.$/m,
  )
  await assert.rejects(readdir(folder()), { code: 'ENOENT' })
})

test('a confirmed terminal is its person’s, by a private file, until it logs out', async () => {
  const { ended } = await login(true)
  assert.equal(ended.code, 0, ended.err)
  assert.match(ended.out, /^Connected to http:\/\/127\.0\.0\.1:\d+ as Mira Kovač$/m)
  const [name = ''] = await readdir(folder())
  const path = join(folder(), name)
  const token = (await readFile(path, 'utf8')).trim()
  assert.match(token, /^hpt_[A-Za-z0-9_-]{43}$/)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.ok(!(ended.out + ended.err).includes(token))

  const me = await run(installation, ['whoami'], options())
  const ruled = await run(installation, ['access', 'workspace', 'create', 'x'], options())
  const other = await run(installation, ['whoami'], { ...options(), token: 'hpt_'.padEnd(47, 'x') })
  const out = await run(installation, ['logout'], options())
  const gone = await run(installation, ['whoami'], options())

  assert.match(
    me.out,
    /^Mira Kovač {2}person {3}requester {3}by this terminal, which never decides$/m,
  )
  assert.equal(ruled.code, 1)
  assert.match(other.err, /^Not signed in$/m)
  assert.equal(out.code, 0, out.err)
  assert.match(gone.err, /^Not signed in$/m)
  assert.deepEqual(await readdir(folder()), [])
  const revoked = await installation.withToken(token).call('whoami', {})
  assert.equal(revoked.ok ? '' : revoked.problem.code, 'not_signed_in')
})
