/**
 * A database restored from yesterday: what happened since is not un-happened. The guard remembers
 * the last signed head, and everything that writes, decides or starts stops until a person acts.
 */
import assert from 'node:assert/strict'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openRun, startBody, type TestRun } from '../../packages/server/test/server-story.ts'
import { run } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { approve, type ChangeView, untilStatus, view } from '../harness/story.ts'

let folder: string
let dataDir: string
let installation: Installation
let used: TestRun
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
  const yesterday = await size()
  early = await exported('early.json')
  await installation.close()
  await cp(join(dataDir, 'db'), join(folder, 'yesterday'), { recursive: true })

  installation = await install({ dataDir, populate: false })
  must(await startOf(used))
  await installation.change({ type: 'remove_person', person: 'aiko' })
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

  assert.equal(ended.code, 3, ended.out + ended.err)
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

test('an export that reaches the guard brings the lost entries back', async () => {
  const copy = await copied('brought-back')

  const ended = await recover(copy, '--from', late)
  installation = await install({ dataDir: copy, populate: false })

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.equal(
    ended.out,
    `Recovered  entries ${sizes.yesterday} to ${sizes.today - 1} are back; ` +
      `the log has ${sizes.today} entries\n`,
  )
  assert.equal((await fetch(`${installation.url}/readyz`)).status, 200)
  assert.equal((await view(installation, used.change)).status, 'executing')
  const again = await startOf(used)
  assert.equal(again.ok ? null : again.problem.code, 'grant_used')
  const gone = must(await installation.admin.call('access', {}))
  assert.equal(gone.people.find((each) => each.handle === 'aiko')?.active, false)
  await installation.close()
})

test('a new log names the old head, and gives nothing back', async () => {
  const copy = await copied('new-log')

  const ended = await recover(copy, '--new-log', '--yes')
  installation = await install({ dataDir: copy, populate: false })

  assert.equal(ended.code, 0, ended.out + ended.err)
  const lines = ended.out.trimEnd().split('\n')
  assert.match(lines[0] ?? '', /^New log {2}.+\/2$/)
  assert.match(
    lines[1] ?? '',
    new RegExp(`${sizes.today} entries, of which ${sizes.today - sizes.yesterday} are lost$`),
  )
  assert.equal((await fetch(`${installation.url}/readyz`)).status, 200)
  // It was released yesterday and used today: nobody can tell any more, so it is not released.
  assert.equal((await view(installation, used.change)).status, 'expired')
  const again = await startOf(used)
  assert.equal(again.ok ? null : again.problem.code, 'expired')
  const made = await installation.change({ type: 'create_workspace', name: 'restored/new' })
  assert.ok(made.id !== null)
})
