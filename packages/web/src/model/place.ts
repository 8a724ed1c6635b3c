/** Where a change acts: provider account and region, as the runner's target says. */
import { isTerminal } from '@holdpoint/core'
import type { ChangeView } from './wire.ts'
import { list } from './words.ts'

type Target = ChangeView['target']

const PROVIDERS: { readonly [key: string]: string } = {
  aws: 'AWS',
  google: 'Google Cloud',
  azurerm: 'Azure',
  kubernetes: 'Kubernetes',
}

/** `AWS 4021-7735-1180, eu-central-1`; says so where the tool cannot tell. */
export function placeText(target: Target): string {
  const accounts = target.principals.map((each) => accountText(each))
  const regions = target.providers.flatMap((each) => (each.region === null ? [] : [each.region]))
  const known = [...new Set(regions.map((each) => (each === 'unknown' ? 'region unknown' : each)))]
  const role = target.backend.settings['acts-as'] ?? null
  const acts = role === null ? [] : [`acts as ${roleName(role)}`]
  const parts = [...new Set(accounts), ...known, ...acts]
  return parts.length === 0 ? backendText(target) : parts.join(', ')
}

/** That nothing was released in the workspace yet; a misspelt name makes one of its own, so it is said aloud. */
export function newPlace(change: ChangeView): string | null {
  if (!change.bindsTarget || isTerminal(change.status)) return null
  const others = change.sameStateAs.map((name) => name ?? 'one you may not see')
  const shared =
    others.length === 0
      ? ''
      : ` Its state is already that of ${list(others, 'and')}: is the name misspelt?`
  return `${change.workspace.name} is bound to no place yet: its first release binds it to this one.${shared}`
}

/** `role/deployer` of an ARN; the whole stands with what the fingerprint is made of. */
function roleName(role: string): string {
  return role.split(':').slice(5).join(':') || role
}

function accountText(principal: { readonly provider: string; readonly account: string }): string {
  const provider = PROVIDERS[principal.provider] ?? principal.provider
  if (principal.account === 'unknown') return `${provider} account unknown`
  const isAws = /^\d{12}$/.test(principal.account)
  return `${provider} ${isAws ? principal.account.replace(/(\d{4})(?=\d)/g, '$1-') : principal.account}`
}

function backendText(target: Target): string {
  const settings = Object.entries(target.backend.settings)
  const first = settings.map(([name, value]) => `${name} ${value}`).slice(0, 1)
  return `no cloud account, ${target.backend.type} state${first.length === 0 ? '' : ` at ${list(first, 'and')}`}`
}
