/** `holdpoint whoami`: who the server takes you for. */
import { safe } from '../render-text.ts'
import { connect, take } from './connection.ts'
import { EXIT } from './ended.ts'
import type { Call } from './row.ts'

export async function run({ settings, screen }: Call): Promise<number> {
  const me = take(await connect(settings).call('whoami', {}))
  screen.document(me)
  const roles = me.roles.length === 0 ? 'no roles' : me.roles.join(', ')
  const verbs = me.verbs.length === 0 ? [] : [`May  ${me.verbs.join(', ')}`]
  const readsOnly = me.readsOnly === null ? [] : [`Read-only  ${safe(me.readsOnly)}`]
  const terminal = me.assurance === 'token' ? '   by this terminal, which never decides' : ''
  const who = `${safe(me.actor.name ?? me.actor.kind)}  ${me.actor.kind.replace('_', ' ')}`
  screen.lines([
    `${who}   ${safe(roles)}${terminal}`,
    ...verbs,
    ...readsOnly,
    `At ${settings.server}   ${me.mode} mode   version ${safe(me.server)}`,
  ])
  return EXIT.done
}
