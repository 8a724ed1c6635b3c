/**
 * Every cloud but AWS with the real server, the real issuer and the runner's own broker: what a cloud
 * that was told to trust exactly this workspace, phase and connection gives, and what it refuses.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import type { TestRun } from '../../../packages/server/test/server-story.ts'
import { until } from '../../harness/story.ts'
import { brokerFor, type Clouds, finished, type Row, startClouds, started } from './given.ts'

const BIN = join(import.meta.dirname, '../../../packages/cli/bin/holdpoint.mjs')
const program = [process.execPath, BIN]

let clouds: Clouds
before(async () => {
  clouds = await startClouds()
})
after(() => clouds.close())

/** An executing change with the broker of one connection; all over when the test is. */
async function executing(context: TestContext, kind: Row['kind']) {
  const run = await started(clouds.story, kind + String(performance.now()).replace('.', ''))
  context.after(() => finished(clouds.story, run))
  return await opened(context, run, kind)
}

async function opened(context: TestContext, run: TestRun, kind: Row['kind']) {
  const held = await brokerFor(clouds, { run, row: row(kind), program })
  context.after(held.close)
  return { run, ...held }
}

function row(kind: Row['kind']): Row {
  return clouds.rows.get(kind) ?? assert.fail(`no connection to ${kind}`)
}

type Document = { readonly [name: string]: never }

async function asked(url: string, authorization: string): Promise<Document> {
  const response = await fetch(url, { headers: { authorization } })
  assert.equal(response.status, 200)
  return (await response.json()) as Document
}

/** What the Google provider does with its credentials file, whose fields these are. */
async function googleExchange(file: string) {
  const found = JSON.parse(await readFile(file, 'utf8'))
  const { url, headers, format } = found.credential_source
  const token = (await asked(url, headers.Authorization))[format.subject_token_field_name]
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: found.audience,
    subject_token_type: found.subject_token_type,
    subject_token: token ?? '',
  })
  const exchanged = await fetch(found.token_url, { method: 'POST', body: form })
  const { access_token } = (await exchanged.json()) as { access_token: string }
  const headersOf = { authorization: `Bearer ${access_token}` }
  const { token_lifetime_seconds } = found.service_account_impersonation
  const body = JSON.stringify({ lifetime: `${token_lifetime_seconds}s` })
  const become = (address: string) => fetch(address, { method: 'POST', headers: headersOf, body })
  return { become, address: String(found.service_account_impersonation_url) }
}

/** What the azurerm provider does with its settings. */
async function azureExchange(env: { readonly [name: string]: string | undefined }, client: string) {
  const bearer = `Bearer ${env['ARM_OIDC_REQUEST_TOKEN']}`
  const { value } = await asked(`${env['ARM_OIDC_REQUEST_URL']}?audience=x`, bearer)
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: value ?? '',
  })
  const url = `${clouds.entra.url}/${env['ARM_TENANT_ID']}/oauth2/v2.0/token`
  return (await fetch(url, { method: 'POST', body })).status
}

const kubectl = (env: { readonly [name: string]: string | undefined }, ...args: string[]) =>
  promisify(execFile)('kubectl', args, { env: { PATH: process.env['PATH'], ...env } })

describe('clouds that trust this issuer', () => {
  it('Google exchanges the broker’s token for the service account of this phase alone', async (context) => {
    const { env } = await executing(context, 'google')

    const { become, address } = await googleExchange(env['GOOGLE_APPLICATION_CREDENTIALS'] ?? '')

    const became = await become(address)
    assert.equal(became.status, 200)
    const { expireTime } = (await became.json()) as { expireTime: string }
    assert.ok(Date.parse(expireTime) <= Date.now() + 600_000, expireTime)
    assert.equal((await become(address.replace('apply-account', 'plan-account'))).status, 403)
  })

  it('Entra ID takes the broker’s token for the application of this phase alone', async (context) => {
    const { env } = await executing(context, 'azure')

    assert.equal(await azureExchange(env, env['ARM_CLIENT_ID'] ?? ''), 200)
    assert.equal(await azureExchange(env, row('azure').plan ?? ''), 401)
  })

  it('an exec plugin of the built command gives kubectl the user of this phase', async (context) => {
    const { env, close } = await executing(context, 'kubernetes')

    const { stdout } = await kubectl(env, 'get', '--raw', '/version')

    assert.match(stdout, /"major":"1"/)
    assert.equal(clouds.cluster.asked.at(-1)?.user, 'payments-apply')
    const config = JSON.parse(await readFile(env['KUBECONFIG'] ?? '', 'utf8'))
    const { command, args } = config.users[0].user.exec
    const plugin = await promisify(execFile)(command, args)
    const { apiVersion, status } = JSON.parse(plugin.stdout)
    assert.equal(apiVersion, 'client.authentication.k8s.io/v1')
    assert.equal(decodeJwt(status.token).sub, row('kubernetes').subjects.apply)
    await close()
    await assert.rejects(promisify(execFile)(command, args), /The broker of this run is closed/)
  })

  it('Vault’s token is renewed by nobody else, and is revoked at the end', async (context) => {
    const { env, broker, close } = await executing(context, 'vault')
    const token = env['VAULT_TOKEN'] ?? ''

    assert.equal(clouds.vault.live.has(token), true)
    await broker.endGrant()
    assert.equal(clouds.vault.live.has(token), false)
    await close()
    assert.equal(clouds.vault.live.size, 0)
  })

  it('a Vault token that comes due is renewed, each time after asking the server', async (context) => {
    clouds.vault.lease.seconds = 2
    context.after(() => {
      clouds.vault.lease.seconds = 1200
    })
    const { run, env } = await executing(context, 'vault')
    const token = env['VAULT_TOKEN'] ?? ''

    await until('it was renewed twice', async () => (clouds.vault.live.get(token) ?? 0) >= 2)

    const params = { change: run.change }
    const view = await clouds.story.as('mira').call('change', { params })
    const issued = view.ok ? (view.value.execution?.credentials ?? []) : []
    // One for the login, and one for every renewal.
    assert.ok(issued.some(({ kind, count }) => kind === 'vault' && count >= 3))
  })

  it('a revoked grant lets its Vault token end, and revokes it when the broker closes', async (context) => {
    clouds.vault.lease.seconds = 2
    context.after(() => {
      clouds.vault.lease.seconds = 1200
    })
    const left = await executing(context, 'vault')
    const token = left.env['VAULT_TOKEN'] ?? ''
    await until('it is renewed', async () => (clouds.vault.live.get(token) ?? 0) >= 1)
    const revoke = (change: TestRun['change']) =>
      clouds.story.as('jonas').call('revokeGrant', { params: { change }, body: { reason: null } })
    await revoke(left.run.change)

    await until('it ended', async () => !clouds.vault.live.has(token))

    await finished(clouds.story, left.run)
    clouds.vault.lease.seconds = 1200
    const closed = await executing(context, 'vault')
    await revoke(closed.run.change)
    assert.equal(clouds.vault.live.size, 1)
    await closed.close()
    assert.equal(clouds.vault.live.size, 0)
  })

  it('a revoked grant gives nothing that was not given, and no Vault token', async (context) => {
    const { run, env } = await executing(context, 'azure')
    const params = { change: run.change }
    await clouds.story.as('jonas').call('revokeGrant', { params, body: { reason: null } })
    const logins = clouds.vault.logins()

    const { ARM_OIDC_REQUEST_URL: url = '', ARM_OIDC_REQUEST_TOKEN: bearer = '' } = env
    const refused = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } })

    assert.equal(refused.status, 403)
    await assert.rejects(opened(context, run, 'vault'), /No credential for vault came/)
    const google = await opened(context, run, 'google')
    await assert.rejects(googleExchange(google.env['GOOGLE_APPLICATION_CREDENTIALS'] ?? ''))
    assert.equal(clouds.vault.logins(), logins)
  })
})

describe('the proof of a trust', () => {
  const WRONG = ['another workspace', 'the other phase', 'another audience', 'has expired']

  for (const kind of ['google', 'azure', 'kubernetes', 'vault'] as const) {
    it(`${kind}: the right token is accepted, wrong ones refused, for both phases`, async () => {
      const params = { connection: row(kind).id }
      const answer = await clouds.story.admin.call('proveConnection', { params, body: {} })

      assert.ok(answer.ok, JSON.stringify(answer))
      assert.equal(answer.value.proofs.length, 2 * (WRONG.length + 1))
      const wrong = answer.value.proofs.filter(({ expected, found }) => expected !== found)
      assert.deepEqual(wrong, [])
    })
  }

  it('a cluster says whether what plans can write, and who cannot be asked says nothing', async () => {
    const writing = async (kind: Row['kind']) => {
      const params = { connection: row(kind).id }
      const answer = await clouds.story.admin.call('proveConnection', { params, body: {} })
      return answer.ok ? answer.value.writing : null
    }

    const reads = await writing('kubernetes')
    clouds.writers.add('payments-plan')
    const writes = await writing('kubernetes')
    clouds.writers.delete('payments-plan')

    assert.equal(reads?.found, 'none')
    assert.match(reads?.says ?? '', /rights in single namespaces are not looked at/)
    assert.equal(writes?.found, 'some')
    assert.match(writes?.says ?? '', /^It may write: create secrets, .*clusterrolebindings\.$/)
    for (const kind of ['google', 'azure', 'vault'] as const)
      assert.equal((await writing(kind))?.found, 'not_known')
  })

  it('a cloud that trusts every subject is found out', async () => {
    const { users } = clouds
    const connection = row('kubernetes')
    const foreign = `workspace:wsp_0000000000000000:phase:apply:to:${connection.id}`
    users.set(foreign, 'payments-apply')

    const params = { connection: connection.id }
    const answer = await clouds.story.admin.call('proveConnection', { params, body: {} })

    const wrong = answer.ok
      ? answer.value.proofs.filter((each) => each.expected !== each.found)
      : []
    assert.deepEqual(
      wrong.map(({ phase, tried, found }) => ({ phase, tried, found })),
      [{ phase: 'apply', tried: 'a token of another workspace', found: 'accepted' }],
    )
    users.delete(foreign)
  })
})
