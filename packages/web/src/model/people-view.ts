/** Words of the people page: what somebody may, what follows when they go. */
import type { Reply } from '@holdpoint/api/client'
import type { PersonOverview } from './wire.ts'
import { count, list } from './words.ts'

export function removalLines(removal: Reply<'removal'>): readonly string[] {
  const { approvals, teams, rules, workspaces, lastAdmin } = removal
  const lines = [
    approvals === 0
      ? 'No approval of theirs is in an open change.'
      : `${count(approvals, 'approval')} of theirs ${approvals === 1 ? 'stops' : 'stop'} counting.`,
    ...(lastAdmin ? ['Nobody is left who administers.'] : []),
    ...(teams.length === 0 ? [] : [`Nobody is left in ${list(teams, 'and')}.`]),
    ...(rules.length === 0
      ? []
      : [`Too few are left for ${list(rules, 'and')}: some changes would wait until they expire.`]),
    ...(workspaces.length === 0 ? [] : [`Nobody is left who owns ${list(workspaces, 'and')}.`]),
  ]
  return lines
}

/** `approver and auditor everywhere, admin in payments/prod`. */
export function rolesText({ roles }: Pick<PersonOverview, 'roles'>): string {
  const places = [...new Set(roles.map(({ workspace }) => workspace))]
  const parts = places.map((place) => {
    const here = roles.filter(({ workspace }) => workspace === place).map(({ role }) => role)
    return `${list(here, 'and')} ${place === null ? 'everywhere' : `in ${place}`}`
  })
  return parts.join(', ') || 'no role'
}

export function passkeysText(person: PersonOverview, mode: 'development' | 'production'): string {
  if (mode === 'development') return ''
  if (person.passkeys === 0) return 'no passkey yet'
  return count(person.passkeys, 'passkey')
}
