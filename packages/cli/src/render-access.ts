/** People, teams, workspaces and tokens as lists. */
import type { Reply } from '@holdpoint/api/client'
import type { Ink } from './render.ts'
import { clock, safe } from './render-text.ts'

export function renderAccess(
  access: Reply<'access'>,
  { ink, now }: { readonly ink: Ink; readonly now: number },
): readonly string[] {
  const people = access.people.map(({ handle, name, active, teams, roles, breakGlass }) => {
    const held = roles.map((each) => `${each.role} in ${safe(each.workspace)}`).join(', ')
    const in_ = teams.length === 0 ? '' : `   teams ${teams.map((team) => safe(team)).join(', ')}`
    const glass = breakGlass ? '   may break the glass' : ''
    const gone = active ? '' : '   removed'
    return `  ${safe(handle)}  ${safe(name)}${in_}${held === '' ? '' : `   ${held}`}${glass}${gone}`
  })
  const workspaces = access.workspaces.map(({ name, labels, owners, pin }) => {
    const pairs = Object.entries(labels).map(([key, value]) => safe(`${key}=${value}`))
    const owned =
      owners.length === 0 ? 'no owners' : `owners ${owners.map((o) => safe(o)).join(', ')}`
    const pinned = pin === null ? 'not pinned' : `pinned to ${safe(pinText(pin))}`
    return `  ${safe(name)}   ${[...pairs, owned, pinned].join('   ')}`
  })
  const tokens = access.tokens.map((token) => {
    const where = token.workspaces?.map((each) => safe(each)).join(', ') ?? 'every workspace'
    const until = token.revoked ? 'revoked' : `until ${clock(token.expiresAt, now)}`
    return `  ${token.id}  ${safe(token.name)}   ${token.verbs.join(', ')}   ${where}   ${until}`
  })
  const schedules = access.schedules.map(({ name, tiers, until, problem }) => {
    const on = tiers.flatMap((tier, at) =>
      tier.map((handle) => (at === 0 ? safe(handle) : `${safe(handle)} (tier ${at + 1})`)),
    )
    const who = on.length === 0 ? 'nobody is on call' : on.join(', ')
    const end = until === null ? '' : `   until ${clock(until, now)}`
    return `  ${safe(name)}   ${who}${end}${problem === null ? '' : `   ! ${safe(problem)}`}`
  })
  return [
    ...section('People', people, ink),
    ...section('Workspaces', workspaces, ink),
    ...(schedules.length === 0 ? [] : section('On call', schedules, ink)),
    ...section('Tokens', tokens, ink),
  ]
}

function pinText(pin: NonNullable<Reply<'access'>['workspaces'][number]['pin']>): string {
  const places = [...pin.accounts, ...pin.regions]
  return [pin.backend.type, pin.toolWorkspace, ...places].join(' ')
}

function section(title: string, lines: readonly string[], ink: Ink): readonly string[] {
  return [ink('bold', title), ...(lines.length === 0 ? ['  none'] : lines)]
}
