/**
 * A database restored from yesterday: what happened since is not un-happened. The guard remembers
 * the last signed head, and everything that writes, decides or starts stops until a person acts.
 */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { type Bundle, readBundle, writeBundle } from '@holdpoint/core'
import {
  givenPlan,
  openRun,
  startBody,
  type TestRun,
} from '../../packages/server/test/server-story.ts'
import { forgeEntry, rowsOf } from '../../packages/server/test/stopped-database.ts'
import { run, start } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { needs } from '../harness/machine.ts'
import { approve, type ChangeView, untilStatus, view } from '../harness/story.ts'

let folder: string
let dataDir: string
let installation: Installation
let used: TestRun
/** Started yesterday, and nobody said how it ended. */
let running: TestRun
/** Opened, and asked of people, after yesterday's copy was made. */
let today: TestRun
/** Issued yesterday. */
let token: string
let released: ChangeView
let early: string
let late: string
let sizes: { readonly yesterday: number; readonly today: number }

const size = async (): Promise<number> =>
  must(await installation.as('lars').call('log', { query: { limit: 500 } })).entries.length

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-restored-'))
  dataDir = join(folder, 'data')
  installation = await install({ dataDir })
  const mira = installation.as('mira')
  used = await openRun(mira, { workspace: 'restored/used' })
  const held = await untilStatus(installation, used.change, 'held')
  must(await approve(installation, 'ines', held))
  released = await untilStatus(installation, used.change, 'released')
  running = await openRun(mira, { workspace: 'restored/running' })
  must(await approve(installation, 'ines', await untilStatus(installation, running.change, 'held')))
  await untilStatus(installation, running.change, 'released')
  must(await startOf(running))
  const issue = { type: 'issue_token', name: 'ci', verbs: ['read'], workspaces: null } as const
  token = (await installation.change({ ...issue, expiresInDays: 1 })).secret ?? ''
  const yesterday = await size()
  early = await exported('early.json')
  await installation.close()
  await cp(join(dataDir, 'db'), join(folder, 'yesterday'), { recursive: true })

  installation = await install({ dataDir, populate: false })
  must(await startOf(used))
  await installation.change({ type: 'remove_person', person: 'aiko' })
  const added = { handle: 'noor', name: 'Noor Aziz', addresses: ['noor@acme.example'] }
  await installation.change({ type: 'add_person', ...added })
  today = await openRun(installation.as('mira'), {
    workspace: 'restored/today',
    plan: givenPlan('today'),
    words: 'Make room for eu',
  })
  await untilStatus(installation, today.change, 'held')
  sizes = { yesterday, today: await size() }
  late = await exported('late.json')
  await installation.close()

  await rm(join(dataDir, 'db'), { recursive: true })
  await cp(join(folder, 'yesterday'), join(dataDir, 'db'), { recursive: true })
  installation = await install({ dataDir, populate: false })
})

after(async () => {
  await installation.close()
  await rm(folder, { recursive: true })
})

/** A bundle as the auditor took it home at that time. */
async function exported(name: string): Promise<string> {
  const file = join(folder, name)
  const ended = await run(installation, ['audit', 'export', '-o', file], { folder, as: 'lars' })
  assert.equal(ended.code, 0, ended.out + ended.err)
  return file
}

async function recover(data: string, ...args: readonly string[]) {
  const words = ['recover', '--mode', 'development', '--data', data, ...args]
  return await run(installation, words, { folder })
}

/** The damaged installation once more, so that both ways can be gone. */
async function copied(name: string): Promise<string> {
  const copy = join(folder, name)
  await cp(dataDir, copy, { recursive: true })
  await rm(join(copy, 'lock'), { force: true })
  return copy
}

async function startOf(asked: TestRun) {
  const body = asked.signed('start', startBody(asked))
  return await installation.as('mira').call('start', { params: { change: asked.change }, body })
}

const lost = () => `entries ${sizes.yesterday} to ${sizes.today - 1} are lost`

test('it is seen at start, and said which entries are lost', async () => {
  const ready = await fetch(`${installation.url}/readyz`)
  const alive = await fetch(`${installation.url}/healthz`)

  assert.deepEqual([ready.status, alive.status], [503, 200])
  assert.match(await ready.text(), /reads only/)
})

test('the used grant does not come back', async () => {
  const answer = await startOf(used)

  assert.equal((await view(installation, used.change)).status, 'released')
  assert.equal(answer.status, 503)
  assert.deepEqual(answer.ok ? null : answer.problem.code, 'reads_only')
  assert.ok(!answer.ok && answer.problem.detail.includes(lost()), JSON.stringify(answer))
})

test('nothing is opened, decided or changed, and everything says so', async () => {
  const mira = installation.as('mira')
  const opened = await mira.call('reserve', { body: { workspace: 'restored/used', sameAs: null } })
  const taken = await installation
    .as('ines')
    .call('takeBack', { params: { change: used.change }, body: {} })
  const changed = await installation.admin.call('changeAccess', {
    body: { type: 'create_workspace', name: 'restored/new' },
  })
  const { revision } = must(await installation.admin.call('policy', {}))
  const pushed = await installation.admin.call('pushPolicy', {
    body: { text: 'version: 1\ndefault: { deny: true, message: No }\n', basedOn: revision },
  })

  for (const answer of [opened, taken, changed, pushed]) {
    assert.equal(answer.ok, false)
    if (answer.ok) continue
    const { title, detail, remedy } = answer.problem
    assert.equal(title, 'Holdpoint is in read-only')
    assert.ok(detail.includes(lost()), detail)
    assert.equal(
      remedy,
      'The operator has to run holdpoint recover. Nothing can be opened, decided or started.',
    )
  }
  assert.equal(await size(), sizes.yesterday)
})

test('what is there can still be read', async () => {
  const shown = await run(installation, ['show', used.change], { folder, as: 'ines' })

  assert.equal(shown.code, 0, shown.out + shown.err)
  assert.equal((await view(installation, used.change)).id, released.id)
})

test('while the server runs nothing is recovered', async () => {
  const ended = await recover(dataDir, '--from', late)

  assert.equal(ended.code, 3, ended.out + ended.err)
  assert.match(ended.err, /another server \(process \d+\) holds the data folder by .+; stop it/)
})

test('an export that knows less than the guard brings nothing back', async () => {
  await installation.close()
  const copy = await copied('too-early')

  const ended = await recover(copy, '--from', early)

  assert.equal(ended.code, 1, ended.out + ended.err)
  assert.match(ended.err, /^Nothing was recovered, and nothing was changed$/m)
  assert.match(
    ended.err,
    new RegExp(
      `this export cannot bring the log back: it ends before entry ${sizes.yesterday}, ` +
        `and the guard has seen ${sizes.today}`,
    ),
  )
  assert.equal((await recover(copy)).code, 2)
  assert.equal((await recover(copy, '--new-log')).code, 2)
})

/** The bundle with one thing in it otherwise, in its one form. */
async function bent(name: string, edit: (bundle: Bundle) => Bundle): Promise<string> {
  const read = readBundle(await readFile(late), nodePrimitives)
  assert.ok(read.ok)
  const file = join(folder, name)
  await writeFile(file, writeBundle(edit(read.bundle), nodePrimitives))
  return file
}

test('what is no bundle, or was bent, brings nothing back', async () => {
  const copy = await copied('bent')
  const noBundle = join(folder, 'no-bundle.json')
  await writeFile(noBundle, '{}')
  const document = await bent('document.json', (bundle) => ({
    ...bundle,
    evidence: bundle.evidence.map((each) => ({ ...each, data: 'e30=' })),
  }))
  const other = await bent('key.json', (bundle) => ({
    ...bundle,
    verifierKey: `${bundle.verifierKey.slice(0, -8)}AAAAAAA=`,
  }))

  const endings = [
    [noBundle, 2, /cannot be used: this is not a Holdpoint evidence bundle, or it is damaged/],
    [document, 1, /does not verify: evidence [0-9a-f]{64}: its content does not have that hash/],
    [other, 1, /does not verify: checkpoint: the bundle names another key than the pinned one/],
  ] as const
  for (const [file, code, sentence] of endings) {
    const ended = await recover(copy, '--from', file)
    assert.equal(ended.code, code, ended.out + ended.err)
    assert.match(ended.err, sentence)
  }
  assert.deepEqual((await rowsOf(copy)).entries, sizes.yesterday)
})

/** The auditor's own check of what is there now. */
async function verified(name: string, key: string): Promise<void> {
  const file = await exported(name)
  const ended = await run(installation, ['audit', 'verify', file, '--key', key], { folder })
  assert.equal(ended.code, 0, ended.out + ended.err)
}

test('an export that reaches the guard brings the lost entries back', async () => {
  const copy = await copied('brought-back')

  const ended = await recover(copy, '--from', late)

  const { waiting } = await rowsOf(copy)
  installation = await install({ dataDir: copy, populate: false })
  assert.equal(ended.code, 0, ended.out + ended.err)
  const { verifierKey } = installation.server
  // Findings are documents too, and how often it was evaluated is nobody's promise.
  assert.deepEqual(ended.out.replace(/: [4-9] documents/, ': some documents').split('\n'), [
    `Recovered  entries ${sizes.yesterday} to ${sizes.today - 1} are back; ` +
      `the log has ${sizes.today} entries`,
    '  Came with them: some documents, 2 texts',
    '  Same log, same tokens; every session has ended, so people sign in again',
    `  Log key, as before: ${verifierKey}`,
    'Next: start the server; /readyz then says ready',
    '',
  ])
  for (const effect of [`watch_execution ${used.change}`, `expire ${today.change}`])
    assert.ok(waiting.includes(effect), waiting.join('\n'))
  assert.equal((await fetch(`${installation.url}/readyz`)).status, 200)
  assert.equal((await view(installation, used.change)).status, 'executing')
  const again = await startOf(used)
  assert.equal(again.ok ? null : again.problem.code, 'grant_used')
  const gone = must(await installation.admin.call('access', {}))
  assert.equal(gone.people.find((each) => each.handle === 'aiko')?.active, false)
})

test('what was held goes on: its plan, its words and its people are there', async () => {
  const held = await view(installation, today.change)
  const plan = await installation.as('ines').raw('plan', { params: { change: today.change } })
  const back = must(await installation.as('noor').call('whoami', {}))
  assert.deepEqual([held.status, held.words], ['held', 'Make room for eu'])
  assert.match(await plan.text(), /terraform_data\.today/)
  assert.equal(back.actor.name, 'Noor Aziz')

  must(await approve(installation, 'ines', held))
  await untilStatus(installation, today.change, 'released')
  must(await startOf(today))

  await verified('after.json', installation.server.verifierKey)
  await installation.close()
})

test('a new log is asked for by naming what is lost', needs('script'), async () => {
  const copy = await copied('asked')
  const words = ['recover', '--mode', 'development', '--data', copy, '--new-log']

  const asking = start(installation, words, { folder, terminal: true })
  const said = await asking.says('[y/N]')
  asking.type('n\r')
  const ended = await asking.ended

  const lost = sizes.today - sizes.yesterday
  assert.ok(said.includes(`${lost} entries of `), said)
  assert.ok(
    said.includes(`(${sizes.yesterday} to ${sizes.today - 1}) are given up for good.`),
    said,
  )
  assert.ok(said.includes('1 open change will expire, 1 running one will be of unknown'), said)
  assert.ok(said.includes('2 tokens and every session will be void.'), said)
  assert.equal(ended.code, 1)
  assert.equal((await rowsOf(copy)).entries, sizes.yesterday)
})

test('a new log names the old head, and gives nothing back', async () => {
  const copy = await copied('new-log')
  const forged = await forgeEntry(copy)

  const ended = await recover(copy, '--new-log', '--yes')
  installation = await install({ dataDir: copy, populate: false })

  assert.equal(ended.code, 0, ended.out + ended.err)
  const { verifierKey, origin } = installation.server
  const lines = ended.out.trimEnd().split('\n')
  const file = lines[2]?.split(' kept as evidence in ')[1] ?? ''
  assert.deepEqual(lines, [
    `New log  ${origin}`,
    `  It names the old head: ${origin.replace(/\/2$/, '')}, ${sizes.today} entries, ` +
      `of which ${sizes.today - sizes.yesterday} are lost`,
    `  Taken out: 1 entry that this log cannot answer for; kept as evidence in ${file}`,
    '  Expired: 1 open change',
    '  Outcome unknown, for an owner to resolve: 1 change',
    '  Void: 2 tokens, and every session',
    `  A new admin token is in ${copy}/admin-token`,
    `  New log key: ${verifierKey}`,
    'Next: start the server; give auditors the new log key; issue new tokens; ' +
      'plan again what expired',
  ])
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const kept: { entries: { seq: number }[] } = JSON.parse(await readFile(file, 'utf8'))
  assert.deepEqual(
    kept.entries.map((each) => each.seq),
    [forged],
  )
})

test('under the new name nothing old is good, and work goes on', async () => {
  assert.equal((await fetch(`${installation.url}/readyz`)).status, 200)
  // It was released yesterday and used today: nobody can tell any more, so it is not released.
  assert.equal((await view(installation, used.change)).status, 'expired')
  assert.equal((await view(installation, running.change)).status, 'outcome_unknown')
  const again = await startOf(used)
  assert.equal(again.ok ? null : again.problem.code, 'expired')
  const old = await installation.withToken(token).call('whoami', {})
  assert.equal(old.ok ? null : old.problem.code, 'not_signed_in')

  const made = await installation.change({ type: 'create_workspace', name: 'restored/new' })
  const next = await openRun(installation.as('mira'), { workspace: 'restored/new' })
  must(await approve(installation, 'ines', await untilStatus(installation, next.change, 'held')))
  await untilStatus(installation, next.change, 'released')
  must(await startOf(next))

  assert.ok(made.id !== null)
  await verified('new-log.json', installation.server.verifierKey)
})
