/**
 * Production mode: nobody can decide yet, what the rules allow works with a token, and a token does
 * what it says and nothing else.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { run } from '../harness/command.ts'
import { type Installation, install, must, WORKSPACE } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'
import { from, givenPipeline } from '../harness/story.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }
const ALLOWS = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: additive
    when: summary.only(["create", "read", "noop"])
    allow: true
`

const DAY_MS = 24 * 3_600_000

let installation: Installation
let project: Project
let laterMs = 0

before(async () => {
  if (whenTerraform.skip !== false) return
  const clock = { now: () => Date.now() + laterMs }
  installation = await install({ mode: 'production', policy: ALLOWS, clock })
  project = await givenProject({ 'main.tf': resources('one') })
  // A first target is bound by people or by an admin; nobody can decide here.
  const backend = { type: 'local', settings: {} }
  const pin = { backend, toolWorkspace: 'default', accounts: [], regions: [] }
  await installation.change({ type: 'pin_target', workspace: WORKSPACE, pin })
})

after(async () => {
  await project?.remove()
  await installation?.close()
})

type Verbs = readonly ('open' | 'execute' | 'read')[]

async function givenToken(verbs: Verbs, workspaces: readonly string[] | null = null) {
  const issued = await installation.change({
    type: 'issue_token',
    name: `ci-${verbs.join('-')}`,
    ...{ verbs: [...verbs], workspaces: workspaces === null ? null : [...workspaces] },
    expiresInDays: 1,
  })
  return { id: issued.id ?? '', secret: issued.secret ?? '' }
}

const apply = (token: string, ...args: readonly string[]) =>
  run(installation, ['apply', ...args], { folder: project.folder, token })

test('what the rules allow is applied with a token', whenTerraform, async () => {
  const { secret } = await givenToken(['open', 'execute', 'read'])

  const ended = await apply(secret)

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(ended.out, /^Applied {2}1 of 1/m)
  assert.ok(!(ended.out + ended.err).includes(secret))
})

test('what is held stays held: neither a token nor a name decides', whenTerraform, async () => {
  const { secret } = await givenToken(['open', 'execute', 'read'])
  await project.write('main.tf', resources('two'))
  const held = await apply(secret, '--no-wait')
  assert.equal(held.code, 75, held.out + held.err)
  const client = installation.withToken(secret)
  const [row] = must(await client.call('changes', { query: {} })).changes
  assert.ok(row !== undefined)
  const change = must(await client.call('change', { params: { change: row.id } }))

  const { fingerprint } = change.binding
  const body = { fingerprint, reason: null }
  const byToken = await client.call('approve', { params: { change: change.id }, body })
  const byName = await installation.as('ines').call('approve', {
    params: { change: change.id },
    body,
  })
  const typed = await run(installation, ['approve', change.id, '--yes'], {
    folder: project.folder,
    as: 'ines',
  })

  for (const answer of [byToken, byName]) assert.equal(answer.ok, false)
  assert.equal(byToken.ok ? null : byToken.problem.code, 'not_eligible')
  assert.equal(byName.ok ? null : byName.problem.code, 'development_only')
  assert.equal(typed.code, 1)
  assert.match(typed.err, /^Only in development mode$/m)
  assert.equal(must(await client.call('change', { params: { change: row.id } })).status, 'held')
})

test('a token without the verb is told which it needs', whenTerraform, async () => {
  const reader = await givenToken(['read'])
  const opener = await givenToken(['open', 'read'])
  await project.write('main.tf', resources('one', 'three'))

  const notOpened = await apply(reader.secret)
  const notStarted = await apply(opener.secret)

  assert.deepEqual(from('Not permitted', notOpened.err), [
    'Not permitted',
    '  You may not open changes here.',
    '  It needs the role requester or a token with the verb open; an admin can give it with ' +
      'holdpoint access.',
  ])
  assert.deepEqual(from('Not permitted', notStarted.err), [
    'Not permitted',
    '  You may not apply changes here.',
    '  It needs the role requester or a token with the verb execute; an admin can give it with ' +
      'holdpoint access.',
  ])
  assert.deepEqual([notOpened.code, notStarted.code], [1, 1])
  assert.ok(!(await project.state())?.includes('"three"'))
})

test('a token of another workspace does not find this one', whenTerraform, async () => {
  await installation.change({ type: 'create_workspace', name: 'elsewhere' })
  const { secret } = await givenToken(['open', 'execute', 'read'], ['elsewhere'])

  const ended = await apply(secret)
  const listed = must(await installation.withToken(secret).call('changes', { query: {} }))
  const anyone = await installation.withToken(secret).call('reserve', {
    body: { workspace: WORKSPACE, sameAs: null },
  })

  assert.deepEqual(from('Not found', ended.err), [
    'Not found',
    '  There is no such workspace, or you may not know of it.',
    '  Check the name, and ask a workspace owner for access if it should be there.',
  ])
  assert.deepEqual([ended.code, listed.changes, anyone.status], [1, [], 404])
})

test('a revoked token is nobody, at once', whenTerraform, async () => {
  const { id, secret } = await givenToken(['open', 'execute', 'read'])
  const pipeline = await givenPipeline(installation, project, { token: secret })
  // Another plan than before: an equal one may be the same bytes, and they have a change already.
  await project.write('main.tf', resources('one', 'four'))
  project.plan()
  const opened = await pipeline.gate()
  assert.equal(opened.code, 0, opened.out + opened.err)

  await installation.change({ type: 'revoke_token', token: id })
  const finished = await pipeline.finish(0)
  const ended = await apply(secret)

  assert.equal(finished.code, 3, finished.out + finished.err)
  assert.deepEqual(from('Not signed in', ended.err), [
    'Not signed in',
    '  This needs to know who asks.',
    '  Run holdpoint login, give a token by HOLDPOINT_TOKEN, or in development mode use --as.',
  ])
  assert.equal(ended.code, 1)
  await pipeline.remove()
})

test('an expired token is nobody', whenTerraform, async () => {
  const { secret } = await givenToken(['open', 'execute', 'read'])
  assert.equal((await installation.withToken(secret).call('whoami', {})).status, 200)

  laterMs = DAY_MS
  const ended = await apply(secret)
  laterMs = 0

  assert.equal(from('Not signed in', ended.err)[0], 'Not signed in')
  assert.equal(ended.code, 1)
})

test(
  'the admin token changes access and decides, opens and reads nothing else',
  whenTerraform,
  async () => {
    const body = { workspace: WORKSPACE, sameAs: null }

    const opened = await installation.admin.call('reserve', { body })
    const listed = must(await installation.admin.call('changes', { query: {} }))

    assert.equal(opened.status, 404)
    assert.deepEqual(listed.changes, [])
  },
)
