/**
 * What an auditor takes home: a bundle that verifies without the server, and fails by name when one
 * byte of it is another. What belongs to one workspace is not found from another.
 */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { givenPlan, OUTCOME, openRun, startBody } from '../../packages/server/test/server-story.ts'
import { run } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { approve, untilStatus } from '../harness/story.ts'

interface Bundle {
  readonly entries: readonly string[]
  readonly checkpoint: string
  readonly evidence: readonly {
    readonly data: string
    readonly digest: string
    readonly workspace: string
  }[]
}

let installation: Installation
let folder: string
let applied: Awaited<ReturnType<typeof openRun>>
let text: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-audit-'))
  installation = await install()
  const mira = installation.as('mira')
  applied = await openRun(mira, { workspace: 'audit/here', words: 'For the audit' })
  const params = { change: applied.change }
  must(await approve(installation, 'ines', await untilStatus(installation, params.change, 'held')))
  must(await mira.call('start', { params, body: applied.signed('start', startBody(applied)) }))
  must(await mira.call('finish', { params, body: applied.signed('finish', { outcome: OUTCOME }) }))
  const file = join(folder, 'bundle.json')
  const exported = await run(installation, ['audit', 'export', '-o', file], { folder, as: 'lars' })
  assert.equal(exported.code, 0, exported.out + exported.err)
  text = await readFile(file, 'utf8')
})

after(async () => {
  await installation.close()
  await rm(folder, { recursive: true })
})

/** Without a server: the address is one that nobody listens on. */
async function verify(bundle: string, ...args: readonly string[]) {
  const file = join(folder, `given-${Math.random()}.json`)
  await writeFile(file, bundle)
  return await run({ url: 'http://127.0.0.1:9' }, ['audit', 'verify', file, ...args], { folder })
}

test('an export verifies without the server, and says what rests on whose word', async () => {
  const verified = await verify(text, '--key', installation.server.verifierKey)

  assert.equal(verified.code, 0, verified.out + verified.err)
  assert.match(verified.out, /^Verified {2}\d+ entries, nothing removed or rewritten$/m)
  assert.match(verified.out, / 1 {2}decisions, on the server’s word$/m)
  assert.match(verified.out, / 1 {2}executions, on the word of a self-reported runner$/m)
  assert.match(verified.out, /^! Development: anyone could be anyone. Not evidence.$/m)
})

test('another key than the log’s own does not verify it', async () => {
  const other = installation.server.verifierKey.replace(/.{8}$/, 'AAAAAAA=')

  const verified = await verify(text, '--key', other)

  assert.notEqual(verified.code, 0)
  assert.doesNotMatch(verified.out, /^Verified/m)
})

test('one byte of an entry is another: refused, naming the entry', async () => {
  const { entries } = JSON.parse(text) as Bundle
  const found = entries.findIndex((entry) => decoded(entry).includes('"approved"'))
  const entry = entries[found] ?? ''
  const bytes = Buffer.from(entry, 'base64')
  // A millisecond later: still an entry as any other.
  const at = bytes.indexOf('"at":') + '"at":'.length + 12
  bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31

  const verified = await verify(text.replace(entry, bytes.toString('base64')))

  assert.equal(verified.code, 1)
  assert.match(verified.out, new RegExp(`^NOT VERIFIED {2}entry ${found}: `, 'm'))
  assert.match(verified.out, /This bundle is not what was recorded, or not whole./)
})

test('an entry left out, and a piece of evidence that is another, are refused by name', async () => {
  const bundle = JSON.parse(text) as Bundle
  const entry = bundle.entries.at(-1) ?? ''
  const shorter = text.replace(`,${JSON.stringify(entry)}]`, ']')
  const [piece] = bundle.evidence
  const bytes = Buffer.from(piece?.data ?? '', 'base64')
  bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1
  const other = text.replace(piece?.data ?? '-', bytes.toString('base64'))

  const [withoutEntry, withOther] = [await verify(shorter), await verify(other)]

  assert.notEqual(shorter, text)
  assert.deepEqual([withoutEntry.code, withOther.code], [1, 1])
  assert.match(withoutEntry.out, /^NOT VERIFIED {2}/m)
  assert.match(withOther.out, new RegExp(`^NOT VERIFIED {2}evidence ${piece?.digest}: `, 'm'))
})

test('no byte of the checkpoint can be another', async () => {
  const { checkpoint } = JSON.parse(text) as Bundle
  const at = text.indexOf(JSON.stringify(checkpoint)) + 40

  const verified = await verify(text.slice(0, at) + flipped(text[at]) + text.slice(at + 1))

  assert.equal(verified.code, 1, verified.out + verified.err)
  assert.match(verified.out, /^NOT VERIFIED {2}/m)
})

test('evidence of one workspace is not found from another', async () => {
  const mira = installation.as('mira')
  const elsewhere = await openRun(mira, { workspace: 'audit/elsewhere', plan: givenPlan('two') })
  const { evidence } = JSON.parse(text) as Bundle
  // The plan itself: the two manifests are empty, and the same in both.
  const plan = evidence.find((each) => decoded(each.data).includes('terraform_data.one'))
  const digest = plan?.digest ?? ''
  const at = async (workspace: string, asked = mira) =>
    (await asked.raw('getEvidence', { params: { workspace, digest } })).status

  assert.equal(await at(applied.workspace), 200)
  assert.equal(await at(elsewhere.workspace), 404)
  const token = await installation.change({
    type: 'issue_token',
    name: 'elsewhere',
    verbs: ['read', 'open'],
    workspaces: ['audit/elsewhere'],
    expiresInDays: 1,
  })
  const theirs = installation.withToken(token.secret ?? '')
  assert.equal(await at(applied.workspace, theirs), 404)
  const seen = await theirs.call('change', { params: { change: applied.change } })
  assert.equal(seen.status, 404)
})

test('who may not read the log exports nothing', async () => {
  const file = join(folder, 'refused.json')
  const asked = { folder, as: 'mira' }

  const exported = await run(installation, ['audit', 'export', '-o', file], asked)

  assert.equal(exported.code, 1)
  assert.match(exported.err, /^Not permitted$/m)
  assert.equal(await readFile(file).catch(() => null), null)
})

function decoded(entry: string): string {
  return Buffer.from(entry, 'base64').toString('utf8')
}

function flipped(character: string | undefined): string {
  return character === 'A' ? 'B' : 'A'
}
