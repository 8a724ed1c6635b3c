/** `holdpoint access delegate`: lend your own approvals until a day, see what is lent, or end it. */
import type { Client, Reply } from '@holdpoint/api/client'
import { clock, safe } from '../render-text.ts'
import { connect, take } from './connection.ts'
import { EXIT, usage } from './ended.ts'
import type { Call } from './row.ts'

type Lending = Reply<'lending'>

export async function run(call: Call): Promise<number> {
  const client = connect(call.settings)
  const [to] = call.words
  const now = Date.now()
  const view =
    to === undefined ? take(await client.call('lending', {})) : await change(call, client)
  call.screen.document(view)
  call.screen.lines(lendingLines(view, now))
  return EXIT.done
}

async function change({ words, flags }: Call, client: Client): Promise<Lending> {
  const to = words[0] ?? ''
  const team = flags.find('team')
  if (flags.has('end')) return take(await client.call('endLending', { body: { to, team } }))
  const until = untilOf(flags.find('until'))
  return take(await client.call('lend', { body: { to, team, until } }))
}

/** A day ends with itself, in universal time. */
function untilOf(typed: string | null): number {
  const until =
    typed === null ? Number.NaN : Date.parse(isDay(typed) ? `${typed}T23:59:59Z` : typed)
  if (Number.isNaN(until)) throw usage('Say until when: --until 2026-12-01')
  return until
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text)
}

export function lendingLines({ lent, borrowed }: Lending, now: number): readonly string[] {
  const line = (verb: string) => (each: Lending['lent'][number]) => {
    const where = each.team === null ? 'every team' : safe(each.team)
    return `${verb}  ${safe(each.name)}   ${where}   until ${clock(each.until, now)}`
  }
  const lines = [...lent.map(line('Stands in for you')), ...borrowed.map(line('You stand in for'))]
  return lines.length === 0 ? ['Nobody stands in for you, and you stand in for nobody'] : lines
}
