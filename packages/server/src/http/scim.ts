/**
 * The directory's door (SCIM 2.0, RFC 7644): a bearer of its own, people and groups, and nothing that
 * rules: who is in a linked team, and who is here at all.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { describe, digestText } from '@holdpoint/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  directoryGroups,
  directoryUsers,
  dropDirectoryGroup,
  dropDirectoryUser,
  type Put,
  putDirectoryGroup,
  putDirectoryUser,
  type SeenUser,
} from '../identity/directory.ts'
import { filterOf, groupOf, patchedGroup, patchedUser, userOf } from '../identity/scim-input.ts'
import { jsonIn } from '../io/json-in.ts'
import type { Services } from '../services.ts'
import type { DirectoryGroup } from '../store/directory.ts'

const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:'
const MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:'
const BODY_BYTES_MAX = 1024 * 1024
const PAGE_MAX = 200

export async function registerScim(app: FastifyInstance, services: Services): Promise<void> {
  if (services.directory === null) return
  const { bearer } = services.directory
  await app.register(
    (scope, _options, ready) => {
      const options = { parseAs: 'string', bodyLimit: BODY_BYTES_MAX } as const
      scope.addContentTypeParser(
        'application/scim+json',
        options,
        async (_request: FastifyRequest, body: string | Buffer) => jsonIn(String(body)),
      )
      scope.addHook('onRequest', async (request, reply) =>
        isDirectory(request, bearer)
          ? undefined
          : failed(reply, 401, { detail: 'This needs the bearer of the directory.' }),
      )
      addAbout(scope)
      addUsers(scope, services)
      addGroups(scope, services)
      ready()
    },
    { prefix: '/scim/v2' },
  )
}

/** Digests are compared, so timing says nothing about the secret's characters. */
function isDirectory({ headers }: FastifyRequest, bearer: string): boolean {
  const given = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
  return given !== undefined && digestText(nodePrimitives, given) === bearer
}

function addAbout(scope: FastifyInstance): void {
  const no = { supported: false }
  scope.get('/ServiceProviderConfig', async (_request, reply) =>
    answered(reply, 200, {
      schemas: [`${SCHEMA}ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { ...no, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: PAGE_MAX },
      changePassword: no,
      sort: no,
      etag: no,
      authenticationSchemes: [
        { type: 'oauthbearertoken', name: 'Bearer', description: 'A token of the configuration' },
      ],
    }),
  )
}

function addUsers(scope: FastifyInstance, services: Services): void {
  const find = async (request: FastifyRequest): Promise<SeenUser | null> =>
    (await directoryUsers(services)).find((user) => user.id === idOf(request)) ?? null
  scope.get('/Users', async (request, reply) => {
    const users = await directoryUsers(services)
    return listed(request, reply, users.map(userView))
  })
  scope.get('/Users/:id', async (request, reply) => {
    const user = await find(request)
    return user === null ? missing(reply) : answered(reply, 200, userView(user))
  })
  scope.post('/Users', async ({ body }, reply) => {
    const wanted = userOf(body)
    if (wanted === null) return notUnderstood(reply)
    return put(reply, {
      done: await putDirectoryUser(null, wanted, services),
      status: 201,
      view: userView,
    })
  })
  scope.put('/Users/:id', async (request, reply) => {
    const wanted = userOf(request.body, (await find(request))?.active)
    if (wanted === null) return notUnderstood(reply)
    const done = await putDirectoryUser(idOf(request), wanted, services)
    return put(reply, { done, status: 200, view: userView })
  })
  scope.patch('/Users/:id', async (request, reply) => {
    const user = await find(request)
    if (user === null) return missing(reply)
    const wanted = patchedUser(user, request.body)
    if (wanted === null) return notUnderstood(reply)
    const done = await putDirectoryUser(user.id, wanted, services)
    return put(reply, { done, status: 200, view: userView })
  })
  scope.delete('/Users/:id', async (request, reply) => {
    const done = await dropDirectoryUser(idOf(request), services)
    if (done === 'dropped') return reply.status(204).send()
    return done === 'missing' ? missing(reply) : lastAdmin(reply)
  })
}

function addGroups(scope: FastifyInstance, services: Services): void {
  const find = async (request: FastifyRequest): Promise<DirectoryGroup | null> =>
    (await directoryGroups(services)).find((group) => group.id === idOf(request)) ?? null
  scope.get('/Groups', async (request, reply) => {
    const groups = await directoryGroups(services)
    return listed(request, reply, groups.map(groupView))
  })
  scope.get('/Groups/:id', async (request, reply) => {
    const group = await find(request)
    return group === null ? missing(reply) : answered(reply, 200, groupView(group))
  })
  scope.post('/Groups', async ({ body }, reply) => {
    const wanted = groupOf(body)
    if (wanted === null) return notUnderstood(reply)
    const done = await putDirectoryGroup(null, wanted, services)
    return put(reply, { done, status: 201, view: groupView })
  })
  scope.put('/Groups/:id', async (request, reply) => {
    const wanted = groupOf(request.body)
    if (wanted === null) return notUnderstood(reply)
    const done = await putDirectoryGroup(idOf(request), wanted, services)
    return put(reply, { done, status: 200, view: groupView })
  })
  scope.patch('/Groups/:id', async (request, reply) => {
    const group = await find(request)
    if (group === null) return missing(reply)
    const wanted = patchedGroup(group, request.body)
    if (wanted === null) return notUnderstood(reply)
    const done = await putDirectoryGroup(group.id, wanted, services)
    return put(reply, { done, status: 200, view: groupView })
  })
  scope.delete('/Groups/:id', async (request, reply) =>
    (await dropDirectoryGroup(idOf(request), services)) ? reply.status(204).send() : missing(reply),
  )
}

function idOf({ params }: FastifyRequest): string {
  const id: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'id') : ''
  return typeof id === 'string' ? id : ''
}

interface View {
  readonly [field: string]: unknown
}

function userView(user: SeenUser): View {
  const { id, externalId, userName, name: displayName, active } = user
  const meta = { resourceType: 'User', location: `/scim/v2/Users/${id}` }
  return { schemas: [`${SCHEMA}User`], id, externalId, userName, displayName, active, meta }
}

function groupView(group: DirectoryGroup): View {
  const { id, externalId, name: displayName } = group
  const meta = { resourceType: 'Group', location: `/scim/v2/Groups/${id}` }
  const members = group.members.map((value) => ({ value }))
  const known = externalId === null ? {} : { externalId }
  return { schemas: [`${SCHEMA}Group`], id, ...known, displayName, members, meta }
}

interface Done<T> {
  readonly done: Put<T>
  readonly status: number
  readonly view: (value: T) => View
}

function put<T>(reply: FastifyReply, { done, status, view }: Done<T>): FastifyReply {
  if (done === 'missing') return missing(reply)
  if (done === 'last_admin') return lastAdmin(reply)
  if (done !== 'taken') return answered(reply, status, view(done.put))
  const detail = 'Another has this external id or name.'
  return failed(reply, 409, { scimType: 'uniqueness', detail })
}

const FILTERED = ['userName', 'externalId', 'displayName', 'id'] as const

/** Every match, or a page of it (RFC 7644 §3.4.2.4). */
function listed(
  { query }: FastifyRequest,
  reply: FastifyReply,
  views: readonly View[],
): FastifyReply {
  const fields = new Map<string, unknown>(Object.entries(query ?? {}))
  const text = fields.get('filter')
  const filter = typeof text === 'string' ? filterOf(text) : null
  const attribute = FILTERED.find((name) => name.toLowerCase() === filter?.attribute.toLowerCase())
  if (text !== undefined && (filter === null || attribute === undefined)) {
    const detail = 'A filter is one of userName, externalId, displayName or id with eq.'
    return failed(reply, 400, { scimType: 'invalidFilter', detail })
  }
  const found = views.filter((view) => attribute === undefined || view[attribute] === filter?.value)
  const start = Math.max(numberIn(fields.get('startIndex'), 1), 1)
  const count = Math.min(numberIn(fields.get('count'), PAGE_MAX), PAGE_MAX)
  const page = found.slice(start - 1, start - 1 + count)
  return answered(reply, 200, {
    schemas: [`${MESSAGE}ListResponse`],
    totalResults: found.length,
    startIndex: start,
    itemsPerPage: page.length,
    Resources: page,
  })
}

function numberIn(value: unknown, otherwise: number): number {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : otherwise
}

function notUnderstood(reply: FastifyReply): FastifyReply {
  const detail =
    'This was not understood. Users have userName, externalId (the subject they sign in with), ' +
    'displayName and active; groups have displayName, externalId and members.'
  return failed(reply, 400, { scimType: 'invalidValue', detail })
}

/** In the words of core, which also say what to do; a directory shows them to whoever runs it. */
function lastAdmin(reply: FastifyReply): FastifyReply {
  const { detail, remedy } = describe({ code: 'last_admin' })
  return failed(reply, 403, { detail: `${detail} ${remedy}` })
}

function missing(reply: FastifyReply): FastifyReply {
  return failed(reply, 404, { detail: 'There is no such resource.' })
}

function failed(
  reply: FastifyReply,
  status: number,
  problem: { readonly scimType?: string; readonly detail: string },
): FastifyReply {
  const error = { schemas: [`${MESSAGE}Error`], status: String(status), ...problem }
  return answered(reply, status, error)
}

function answered(reply: FastifyReply, status: number, value: View): FastifyReply {
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .type('application/scim+json; charset=utf-8')
    .send(JSON.stringify(value))
}
