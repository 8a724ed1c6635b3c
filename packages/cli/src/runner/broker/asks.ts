/**
 * How a run asks the server for the credentials of its grant. One at a time, because each request
 * counts up and of two under way the later one may come first; and a server that cannot answer now
 * has not said no.
 */
import { Fault } from '../../io/fault.ts'
import type { ServerCalls } from '../server-calls.ts'
import type { Connection } from './kind.ts'
import type { Asked, Purpose } from './supply.ts'

export type AskFor = (connection: Pick<Connection, 'id'>, purpose: Purpose) => Promise<Asked>

export function countingAsks(calls: Pick<ServerCalls, 'credentials'>): AskFor {
  let ask = 0
  let before: Promise<unknown> = Promise.resolve()
  const once = async (id: Connection['id'], purpose: Purpose) => {
    ask += 1
    return await calls.credentials({ connection: id, purpose, ask })
  }
  const answered = async (id: Connection['id'], purpose: Purpose): Promise<Asked> => {
    const first = await once(id, purpose)
    // An answer was lost on its way: what it held cannot be had again, but another can.
    const isLost = !first.ok && first.problem.code === 'asked_before'
    const answer = isLost ? await once(id, purpose) : first
    if (answer.ok) return answer.value
    const { code, detail, refusal } = answer.problem
    const isBusy = answer.status >= SERVER_ERROR || answer.status === TOO_MANY
    if (isBusy && refusal === undefined) throw new Fault('server_unreachable', detail)
    return code === 'grant_too_short' ? 'too_short' : null
  }
  return ({ id }, purpose) => {
    const asked = before.then(() => answered(id, purpose))
    before = asked.catch(() => null)
    return asked
  }
}

const SERVER_ERROR = 500
const TOO_MANY = 429
