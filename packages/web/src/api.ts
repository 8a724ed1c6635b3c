/** The page's client and its questions. A refusal is an answer; only a lost connection throws. */
import { type Answer, type Ask, createClient, problemOf, type Reply } from '@holdpoint/api/client'
import { type ChangeId, type Digest, parseChangeId, type WorkspaceId } from '@holdpoint/core'
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { type Read, readInputs, readPlan, readSource } from './model/evidence.ts'
import type { ChangeView, HistoryQuery, LogEntryView, LogPage } from './model/wire.ts'

export const client = createClient({
  baseUrl: '',
  fetch: (input, init) => fetch(input, init),
  headers: () => ({}),
})

export const whoamiQuery = queryOptions({
  queryKey: ['whoami'],
  queryFn: () => client.call('whoami', {}),
})

export const inboxQuery = queryOptions({
  queryKey: ['inbox'],
  queryFn: () => client.call('inbox', {}),
})

/** Pages of the history; a refusal ends it. */
export function historyPages(query: HistoryQuery) {
  const first: ChangeId | null = null
  return infiniteQueryOptions({
    queryKey: ['history', query],
    initialPageParam: startOf(first),
    queryFn: ({ pageParam: before }) =>
      client.call('changes', { query: before === null ? query : { ...query, before } }),
    getNextPageParam: (last) => (last.ok ? last.value.next : null),
  })
}

function startOf(first: ChangeId | null): ChangeId | null {
  return first
}

export const lendingQuery = queryOptions({
  queryKey: ['lending'],
  queryFn: () => client.call('lending', {}),
})

export function changeQuery(id: ChangeId) {
  return queryOptions({
    queryKey: ['change', id],
    queryFn: () => client.call('change', { params: { change: id } }),
  })
}

/**
 * Asked for while the page is still being drawn, and taken once: what it is worth is found out when
 * its fingerprint is computed, as always.
 */
const early = new Map<ChangeId, Promise<Response>>()

function takeEarly(id: ChangeId): Promise<Response> | null {
  const response = early.get(id) ?? null
  early.delete(id)
  return response
}

function askPlan(id: ChangeId): Promise<Response> {
  return client.raw('plan', { params: { change: id } })
}

/** Everything that a change's address will need, at once instead of one after the other. */
export function askEarly(path: string, queries: QueryClient): void {
  const id = parseChangeId(/^\/c\/(chg_[0-9a-z]{16})$/.exec(path)?.[1] ?? '')
  if (id === null) return
  void queries.prefetchQuery(whoamiQuery)
  void queries.prefetchQuery(changeQuery(id))
  const plan = askPlan(id)
  // Whoever takes it is told why it failed; until then nobody has to be.
  plan.catch(() => early.delete(id))
  early.set(id, plan)
}

const AGAIN_MS = 10_000

/** Evidence never changes under its digest: fetched once, and asked for again only if refused. */
const onceRead = {
  staleTime: Infinity,
  refetchInterval: (query: { readonly state: { readonly data?: Read<unknown> | undefined } }) =>
    query.state.data?.ok === false ? AGAIN_MS : false,
} as const

export function planQuery(change: ChangeView) {
  return queryOptions({
    queryKey: ['plan', change.id, change.binding.plan],
    ...onceRead,
    queryFn: async () => {
      const response = takeEarly(change.id) ?? askPlan(change.id)
      const text = await textOf(await response)
      return text.ok ? readPlan(text.value) : text
    },
  })
}

export function manifestsQuery(change: ChangeView) {
  const { binding, workspace } = change
  return queryOptions({
    queryKey: ['manifests', workspace.id, binding.source, binding.inputs],
    ...onceRead,
    queryFn: async () => {
      const [source, inputs] = await Promise.all([
        evidence(workspace.id, binding.source),
        evidence(workspace.id, binding.inputs),
      ])
      if (!source.ok) return source
      if (!inputs.ok) return inputs
      const files = readSource(source.value)
      if (!files.ok) return files
      const read = readInputs(inputs.value)
      if (!read.ok) return read
      return { ok: true, value: { source: files.value, inputs: read.value } } as const
    },
  })
}

async function evidence(workspace: WorkspaceId, digest: Digest) {
  return textOf(await client.raw('getEvidence', { params: { workspace, digest } }))
}

type Text =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: string }

async function textOf(response: Response): Promise<Text> {
  if (response.ok) return { ok: true, value: await response.text() }
  const body: unknown = await response.json().catch(() => null)
  const problem = problemOf(body, response.status)
  return { ok: false, problem: `${problem.title}: ${problem.detail}` }
}

/** Above this the log is not recomputed here; each entry still opens its own proof. */
export const WHOLE_LOG_MAX = 5000
const PAGE = 500

export interface WholeLog {
  readonly head: LogPage
  readonly entries: readonly LogEntryView[]
}

export const logQuery = queryOptions({
  queryKey: ['log'],
  queryFn: async (): Promise<Answer<WholeLog>> => {
    const first = await logPage(0)
    if (!first.ok) return first
    const size = first.value.size
    const entries = size > WHOLE_LOG_MAX ? [] : [...first.value.entries]
    let next = size > WHOLE_LOG_MAX ? size - PAGE : entries.length
    while (next < size) {
      const page = await logPage(next)
      if (!page.ok) return page
      if (page.value.entries.length === 0) break
      entries.push(...page.value.entries)
      next = (page.value.entries.at(-1)?.seq ?? next) + 1
    }
    return { ok: true, status: first.status, value: { head: first.value, entries } }
  },
})

function logPage(from: number): Promise<Answer<Reply<'log'>>> {
  return client.call('log', { query: { from, limit: PAGE } })
}

export function proofQuery(seq: number, size: number) {
  return queryOptions({
    queryKey: ['proof', seq, size],
    staleTime: Infinity,
    queryFn: () => client.call('proof', { params: { seq } }),
  })
}

export const peopleQuery = queryOptions({
  queryKey: ['development-people'],
  queryFn: () => client.call('developmentPeople', {}),
})

export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in-ways'],
  queryFn: () => client.call('signInWays', {}),
})

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: () => client.call('keys', {}),
})

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => client.call('sessions', {}),
})

export const terminalsQuery = queryOptions({
  queryKey: ['terminals'],
  queryFn: () => client.call('terminals', {}),
})

export function signatureQuery(nonce: Digest | null) {
  return queryOptions({
    queryKey: ['signature', nonce],
    staleTime: Infinity,
    queryFn: () => {
      if (nonce === null) throw new Error('a signature is asked for by its nonce')
      return client.call('signature', { params: { nonce } })
    },
  })
}

export const everybodyQuery = queryOptions({
  queryKey: ['people'],
  queryFn: () => client.call('people', {}),
})

export const invitesQuery = queryOptions({
  queryKey: ['invites'],
  queryFn: () => client.call('invites', {}),
})

export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: () => client.call('workspaces', {}),
})

export function workspaceQuery(id: WorkspaceId) {
  return queryOptions({
    queryKey: ['workspace', id],
    queryFn: () => client.call('workspace', { params: { workspace: id } }),
  })
}

export const grantsQuery = queryOptions({
  queryKey: ['grants'],
  queryFn: () => client.call('grants', {}),
})

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: () => client.call('health', {}),
})

export function insightsQuery(query: Ask<'insights'>['query']) {
  return queryOptions({
    queryKey: ['insights', query],
    queryFn: () => client.call('insights', { query }),
  })
}
