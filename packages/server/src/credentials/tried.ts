/** What a try over HTTP says of a trust: the status decides, and no answer is quoted. */
import type { Tried } from './provider.ts'

export const NO_TOKEN = { notTried: 'There is no token to try it with' }

/** Other statuses say nothing of the trust: the address may be wrong. */
export function saidBy(status: number, who: string): Tried {
  if (status >= 200 && status < 300) return 'accepted'
  if ([400, 401, 403].includes(status)) return { refused: `${who} refuses it (${status}).` }
  return { notTried: `${who} answers ${status}: is the address right?` }
}
