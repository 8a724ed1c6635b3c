/** Tools that read changes and take back what an agent asked for. None of them decides. */
import { agentInputs } from '@holdpoint/api'
import type { Client } from '@holdpoint/api/client'
import type { ChangeId } from '@holdpoint/core'
import { take } from '../commands/connection.ts'
import { refused } from '../commands/ended.ts'
import { findChange } from '../commands/find-change.ts'
import { now } from '../io/clock.ts'
import { type ChangeView, changeDocument, rowDocument } from './change-document.ts'
import { agentTool } from './tool.ts'

const SEARCHED_MAX = 200
const LISTED = 20

export const readChange = agentTool({
  name: 'read_change',
  title: 'Read a change',
  says:
    'One change: status, verdict, findings, who is needed, decisions, and the page where people ' +
    'decide. Give people that page; you cannot decide.',
  input: agentInputs.ReadChange,
  routes: ['changes', 'change'],
  writes: false,
  run: async ({ change }, context) => {
    const client = context.client()
    return changeDocument(await viewOf(client, await findChange(client, change)), now())
  },
})

export const listChanges = agentTool({
  name: 'list_changes',
  title: 'List your own changes',
  says: 'The newest changes that you, or who you work for, opened.',
  input: agentInputs.ListChanges,
  routes: ['changes'],
  writes: false,
  run: async ({ status, limit }, context) => {
    const query = { limit: SEARCHED_MAX, ...(status === undefined ? {} : { status }) }
    const { changes } = take(await context.client().call('changes', { query }))
    const own = changes.filter((row) => row.yours)
    const shown = own.slice(0, limit ?? LISTED)
    const searched = changes.length < SEARCHED_MAX ? 'all' : `the newest ${SEARCHED_MAX}`
    return { found: own.length, searched, changes: shown.map(rowDocument) }
  },
})

export const withdrawChange = agentTool({
  name: 'withdraw_change',
  title: 'Withdraw a change',
  says: 'Withdraws an open change that an agent opened in your name. A person’s own stays.',
  input: agentInputs.WithdrawChange,
  routes: ['changes', 'change', 'withdraw'],
  writes: true,
  run: async ({ change: typed }, context) => {
    const client = context.client()
    const change = await findChange(client, typed)
    const view = await viewOf(client, change)
    if (!view.agent || !view.yours) throw notTheAgents(view)
    const { status } = take(await client.call('withdraw', { params: { change }, body: {} }))
    return { id: change, status }
  },
})

export async function viewOf(client: Client, change: ChangeId): Promise<ChangeView> {
  return take(await client.call('change', { params: { change } }))
}

function notTheAgents(view: ChangeView) {
  return refused({
    code: 'not_the_requester',
    title: 'Not an agent’s change',
    detail: view.yours
      ? 'No agent opened it, so no agent withdraws it.'
      : 'It was opened by somebody else.',
    remedy: 'Whoever opened it withdraws it, with holdpoint withdraw or on its page.',
  })
}
