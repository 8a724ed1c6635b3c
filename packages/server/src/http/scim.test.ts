import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  accepted,
  acceptInvite,
  inviteSomebody,
  refusalOf,
  type Signed,
  signIn,
  welcomeFirst,
} from '../../test/browser.ts'
import { accept, startTestServer, type TestServer } from '../../test/server-story.ts'
import { openDatabase } from '../store/db.ts'

const BEARER = 'b'.repeat(40)
const ISSUER = 'https://id.example'

let story: TestServer
let ada: Signed
before(async () => {
  story = await startTestServer({
    mode: 'production',
    env: { SCIM_TOKEN: BEARER },
    flags: { 'scim-token': 'env:SCIM_TOKEN', 'scim-issuer': ISSUER },
  })
  ada = await welcomeFirst(story.url, story.server.firstLink?.link ?? '')
})
after(() => story.close())

interface Answer {
  readonly status: number
  readonly body: { readonly [field: string]: unknown }
}

async function scim(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${story.url}/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${BEARER}`, 'content-type': 'application/scim+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}

async function newUser(name: string): Promise<string> {
  const body = { userName: `${name}@example.com`, externalId: `sub-${name}`, displayName: name }
  const { status, body: user } = await scim('POST', '/Users', body)
  assert.equal(status, 201)
  return String(user['id'])
}

async function newGroup(name: string, members: readonly string[] = []): Promise<string> {
  const body = {
    displayName: name,
    externalId: `id-${name}`,
    members: members.map((value) => ({ value })),
  }
  return String((await scim('POST', '/Groups', body)).body['id'])
}

const patch = (...Operations: readonly object[]) => ({ Operations })

async function people() {
  return accepted(await story.admin.call('access', {})).people
}

async function teamsOf(name: string): Promise<readonly string[] | undefined> {
  return (await people()).findLast((each) => each.name === name)?.teams
}

describe('people of a directory', () => {
  it('are added with what anybody may, and known by the subject they sign in with', async () => {
    const id = await newUser('mira')

    const { body } = await scim('GET', `/Users/${id}`)
    assert.deepEqual(
      [body['userName'], body['externalId'], body['displayName'], body['active']],
      ['mira@example.com', 'sub-mira', 'mira', true],
    )
    const mira = (await people()).find((each) => each.name === 'mira')
    assert.deepEqual(
      mira?.roles.map(({ role }) => role),
      ['viewer', 'requester', 'approver'],
    )
    assert.equal(mira?.handle, 'mira')
  })

  it('are found by user name or external id, and by nothing that it does not know', async () => {
    const find = (filter: string) => scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)

    assert.equal((await find('userName eq "mira@example.com"')).body['totalResults'], 1)
    assert.equal((await find('externalId eq "sub-mira"')).body['totalResults'], 1)
    assert.equal((await find('userName eq "nobody"')).body['totalResults'], 0)
    for (const filter of [
      'userName sw "m"',
      'password eq "x"',
      'userName eq "a" or active eq true',
    ])
      assert.deepEqual(
        [(await find(filter)).status, (await find(filter)).body['scimType']],
        [400, 'invalidFilter'],
      )
    assert.equal((await scim('GET', '/Users?count=0')).body['itemsPerPage'], 0)
  })

  it('are not added twice, nor without a subject', async () => {
    const twice = await scim('POST', '/Users', {
      userName: 'mira@example.com',
      externalId: 'another',
    })
    const without = await scim('POST', '/Users', { userName: 'nobody@example.com' })

    assert.deepEqual([twice.status, twice.body['scimType']], [409, 'uniqueness'])
    assert.deepEqual([without.status, without.body['scimType']], [400, 'invalidValue'])
  })

  it('are removed at once when the directory deactivates them, with their sign-ins', async () => {
    const id = await newUser('jonas')
    const link = await inviteSomebody(ada, { handle: 'jonas' })
    const { browser, device, answer } = await acceptInvite(story.url, link)
    accepted(answer)

    const { status, body } = await scim(
      'PATCH',
      `/Users/${id}`,
      patch({ op: 'Replace', path: 'active', value: 'False' }),
    )

    assert.deepEqual([status, body['active']], [200, false])
    const gone = await browser.client.call('whoami', {})
    assert.deepEqual(refusalOf(gone), { code: 'not_signed_in' })
    assert.equal((await signIn(browser, device)).ok, false)
    assert.equal((await people()).find((each) => each.name === 'jonas')?.active, false)
  })

  it('come back as somebody new, whose earlier passkeys and decisions stay void', async () => {
    const { body: list } = await scim('GET', '/Users?filter=externalId%20eq%20%22sub-jonas%22')
    const [user] = Array.isArray(list['Resources']) ? list['Resources'] : []
    const before = (await people()).find((each) => each.name === 'jonas')?.id

    const { body } = await scim(
      'PATCH',
      `/Users/${user.id}`,
      patch({ op: 'replace', value: { active: true } }),
    )

    assert.equal(body['active'], true)
    const jonas = (await people()).filter((each) => each.name === 'jonas')
    assert.deepEqual(jonas.map(({ active }) => active).toSorted(), [false, true])
    assert.notEqual(jonas.find(({ active }) => active)?.id, before)
  })

  it('stay gone where the directory does not say that they are active', async () => {
    const id = await newUser('olaf')
    await accept(story, { type: 'remove_person', person: 'olaf' })

    const olaf = { userName: 'olaf@example.com', externalId: 'sub-olaf', displayName: 'olaf' }
    const { status, body } = await scim('PUT', `/Users/${id}`, olaf)

    assert.deepEqual([status, body['active']], [200, false])
    const found = (await people()).filter(({ name }) => name === 'olaf')
    assert.deepEqual(
      found.map(({ active }) => active),
      [false],
    )
  })

  it('leave when they are deleted, and are not found then', async () => {
    const id = await newUser('olga')

    assert.equal((await scim('DELETE', `/Users/${id}`)).status, 204)

    assert.equal((await scim('GET', `/Users/${id}`)).status, 404)
    assert.equal((await scim('DELETE', `/Users/${id}`)).status, 404)
    assert.equal((await people()).find((each) => each.name === 'olga')?.active, false)
  })

  it('are not changed by what is not understood', async () => {
    const id = await newUser('nils')
    const bad = [
      patch({ op: 'replace', path: 'roles', value: 'admin' }),
      patch({ op: 'remove', path: 'active' }),
      patch({ op: 'replace', path: 'active', value: 'perhaps' }),
      patch(),
      {},
    ]

    for (const body of bad) assert.equal((await scim('PATCH', `/Users/${id}`, body)).status, 400)
    assert.equal((await scim('GET', `/Users/${id}`)).body['active'], true)
  })
})

const LAST_ADMIN =
  'Nobody else administers this server, so nobody could let anybody in again. ' +
  'Give somebody else the role admin for everything, then take this person away.'

describe('the last administrator', () => {
  const other = { userName: 'boss@example.com', displayName: 'boss' }
  let id: string
  before(async () => {
    id = await newUser('boss')
    await accept(story, { type: 'grant_role', person: 'boss', role: 'admin', workspace: null })
    await accept(story, { type: 'revoke_role', person: 'ada', role: 'admin', workspace: null })
  })
  after(() => accept(story, { type: 'grant_role', person: 'ada', role: 'admin', workspace: null }))

  it('stays, whatever the directory says, which is told what to do', async () => {
    const away = patch({ op: 'replace', path: 'active', value: false })
    const tries = [
      await scim('PATCH', `/Users/${id}`, away),
      await scim('PUT', `/Users/${id}`, { ...other, externalId: 'sub-boss', active: false }),
      await scim('PUT', `/Users/${id}`, { ...other, externalId: 'somebody-else' }),
      await scim('DELETE', `/Users/${id}`),
    ]

    for (const { status, body } of tries)
      assert.deepEqual([status, body['detail']], [403, LAST_ADMIN])
    const { body } = await scim('GET', `/Users/${id}`)
    assert.deepEqual([body['active'], body['externalId']], [true, 'sub-boss'])
    assert.equal((await people()).find((each) => each.name === 'boss')?.active, true)
  })

  it('does not stay by an admin of one workspace, and leaves once another administers', async () => {
    await newUser('next')
    await accept(story, { type: 'create_workspace', name: 'scim/one' })
    const next = { type: 'grant_role', person: 'next', role: 'admin' } as const
    await accept(story, { ...next, workspace: 'scim/one' })
    assert.equal((await scim('DELETE', `/Users/${id}`)).status, 403)

    await accept(story, { ...next, workspace: null })

    assert.equal((await scim('DELETE', `/Users/${id}`)).status, 204)
    assert.equal((await people()).find((each) => each.name === 'boss')?.active, false)
  })
})

describe('groups of a directory', () => {
  it('name the members of teams that are linked to them by id, and of no others', async () => {
    const [one, two] = [await newUser('one'), await newUser('two')]
    const dba = await newGroup('dba', [one])
    await newGroup('platform', [one])
    assert.deepEqual(await teamsOf('one'), [])

    await accept(story, { type: 'link_team', team: 'databases', issuer: ISSUER, group: 'id-dba' })

    assert.deepEqual(await teamsOf('one'), ['databases'])
    const add = patch({ op: 'add', path: 'members', value: [{ value: two }] })
    assert.equal((await scim('PATCH', `/Groups/${dba}`, add)).status, 200)
    assert.deepEqual(await teamsOf('two'), ['databases'])
    const remove = patch({ op: 'remove', path: `members[value eq "${one}"]` })
    await scim('PATCH', `/Groups/${dba}`, remove)
    assert.deepEqual([await teamsOf('one'), await teamsOf('two')], [[], ['databases']])
    await scim('PUT', `/Groups/${dba}`, { displayName: 'dba', externalId: 'id-dba', members: [] })
    assert.deepEqual(await teamsOf('two'), [])
  })

  it('empty their team when they are deleted', async () => {
    const user = await newUser('three')
    const sre = await newGroup('sre', [user])
    await accept(story, { type: 'link_team', team: 'sre', issuer: ISSUER, group: 'id-sre' })
    assert.deepEqual(await teamsOf('three'), ['sre'])

    assert.equal((await scim('DELETE', `/Groups/${sre}`)).status, 204)

    assert.deepEqual(await teamsOf('three'), [])
  })

  it('of another issuer with the same id are other groups', async () => {
    const user = await newUser('four')
    await newGroup('ops', [user])

    const issuer = 'https://other.example'
    await accept(story, { type: 'link_team', team: 'ops', issuer, group: 'id-ops' })

    assert.deepEqual(await teamsOf('four'), [])
  })
})

describe('the directory’s door', () => {
  it('opens to its own bearer and to no token, and its bearer opens nothing else', async () => {
    const admin = await story.admin.call('changeAccess', {
      body: {
        type: 'issue_token',
        name: 'ci',
        verbs: ['read'],
        workspaces: null,
        expiresInDays: 1,
      },
    })
    const { secret } = accepted(admin)

    for (const bearer of ['', 'x'.repeat(40), `${BEARER}x`, secret ?? '']) {
      const headers = { authorization: `Bearer ${bearer}` }
      assert.equal((await fetch(`${story.url}/scim/v2/Users`, { headers })).status, 401)
    }
    const api = await fetch(`${story.url}/api/v1/access`, {
      headers: { authorization: `Bearer ${BEARER}` },
    })
    assert.equal(api.status, 401)
  })

  it('says what it can do', async () => {
    const { status, body } = await scim('GET', '/ServiceProviderConfig')

    assert.equal(status, 200)
    assert.deepEqual(body['patch'], { supported: true })
  })

  it('is not there where no directory is set up, and takes no short bearer', async () => {
    const none = await startTestServer({ mode: 'production' })
    try {
      assert.equal((await fetch(`${none.url}/scim/v2/Users`)).status, 404)
    } finally {
      await none.close()
    }
    const flags = { 'scim-token': 'env:SCIM_TOKEN', 'scim-issuer': ISSUER }
    const starting = startTestServer({ mode: 'production', env: { SCIM_TOKEN: 'short' }, flags })
    await assert.rejects(starting, { code: 'key_unusable' })
  })
})

/** Last, because it ends the server: nothing it answers tells a sign-in that is gone from one void. */
it('leaves no sign-in of whom the directory deactivated or deleted in the database', async () => {
  const people = [await signedIn('kept'), await signedIn('away'), await signedIn('dropped')]
  const [, away, dropped] = people.map(({ id }) => id)
  await scim('PATCH', `/Users/${away}`, patch({ op: 'replace', path: 'active', value: false }))
  await scim('DELETE', `/Users/${dropped}`)
  const wanted = people.map(({ person }) => person)

  await story.server.close()
  const database = await openDatabase({ dataDir: story.dataDir, databaseUrl: null })
  try {
    const rows = await database.kysely.selectFrom('session').select('person').execute()
    const left = rows.map(({ person }) => person).filter((person) => wanted.includes(person))
    assert.deepEqual(left, [wanted[0]])
  } finally {
    await database.close()
  }
})

async function signedIn(name: string) {
  const id = await newUser(name)
  const link = await inviteSomebody(ada, { handle: name })
  const { browser, answer } = await acceptInvite(story.url, link)
  accepted(answer)
  const { actor } = accepted(await browser.client.call('whoami', {}))
  return { id, person: String(actor.id) }
}
