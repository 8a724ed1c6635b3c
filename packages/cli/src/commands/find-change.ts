/** From what people type (`8fq2kd`, `chg_8fq2kd…`) to a change's id. Ambiguous is never guessed. */
import type { Client } from '@holdpoint/api/client'
import { type ChangeId, parseChangeId } from '@holdpoint/core'
import { take } from './connection.ts'
import { refused, usage } from './ended.ts'

const SEARCHED_MAX = 200
const SHORTEST = 3

export async function findChange(client: Client, typed: string): Promise<ChangeId> {
  const whole = parseChangeId(typed) ?? parseChangeId(`chg_${typed}`)
  if (whole !== null) return whole
  const prefix = typed.replace(/^chg_/, '')
  if (!/^[0-9a-z]{1,15}$/.test(prefix) || prefix.length < SHORTEST) {
    throw usage(`A change is named by its id, at least ${SHORTEST} characters of it`)
  }
  const { changes } = take(await client.call('changes', { query: { limit: SEARCHED_MAX } }))
  const fitting = changes.filter((row) => row.id.startsWith(`chg_${prefix}`))
  const [first, second] = fitting
  if (first === undefined) {
    throw refused({
      code: 'not_found',
      title: 'Not found',
      detail: `None of the newest ${SEARCHED_MAX} changes that you may see begins with ${prefix}.`,
      remedy: 'Give the whole id, as holdpoint inbox or the page shows it.',
    })
  }
  if (second !== undefined) {
    const ids = fitting.slice(0, 4).map((row) => row.id.replace('chg_', ''))
    throw usage(`${prefix} fits several changes (${ids.join(', ')}); give more of the id`)
  }
  return first.id
}
