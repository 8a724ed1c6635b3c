/**
 * The environment of Pulumi and of the program that it runs, built from lists. `PULUMI_OPTION_*`
 * rewrites the command, so it never passes; what is on no list does not pass either, and a program
 * that needs more says so when it is planned.
 */
import type { Environment } from '../../io/environment.ts'
import {
  CREDENTIAL_NAMES,
  INPUT_NAMES,
  INPUT_PREFIXES,
  PASSED_NAMES,
  PASSED_PREFIXES,
  STANDING_NAMES,
} from '../terraform/environment-names.ts'

const OWN: Environment = {
  PULUMI_SKIP_UPDATE_CHECK: 'true',
  NO_COLOR: '1',
}
const FORBIDDEN: readonly string[] = ['PULUMI_OPTION_', 'PULUMI_DEBUG', 'PULUMI_RUN_', 'TF_']
const SECRETS: readonly string[] = [
  'PULUMI_ACCESS_TOKEN',
  'PULUMI_CONFIG_PASSPHRASE',
  'PULUMI_CONFIG_PASSPHRASE_FILE',
]

export interface PulumiEnvironment {
  /** What the child gets. */
  readonly env: Environment
  /** What of it counts as input of the change. */
  readonly inputs: Environment
  /** Texts that must not show in the tool's output. */
  readonly secrets: readonly string[]
}

export function pulumiEnvironment(found: Environment): PulumiEnvironment {
  const names = Object.keys(found).filter((name) => !isForbidden(name) && isListed(name))
  const pick = (some: readonly string[]): Environment =>
    Object.fromEntries(some.map((name) => [name, found[name] ?? '']))
  const isSecret = (name: string) => SECRETS.includes(name) || CREDENTIAL_NAMES.includes(name)
  const passed = names.filter((name) => !Object.hasOwn(OWN, name))
  const inputs = passed.filter((name) => isInput(name) && !isSecret(name))
  return {
    env: { ...pick(passed), ...OWN },
    inputs: pick(inputs),
    secrets: Object.values(pick(passed.filter(isSecret))),
  }
}

/** What a grant gives is the only source: nothing standing is left beside it. */
export function withGranted(env: Environment, granted: Environment | null): Environment {
  if (granted === null) return env
  const standing = [...CREDENTIAL_NAMES, ...STANDING_NAMES]
  const kept = Object.entries(env).filter(([name]) => !standing.includes(name))
  return { ...Object.fromEntries(kept), ...granted }
}

function isForbidden(name: string): boolean {
  return FORBIDDEN.some((prefix) => name.startsWith(prefix))
}

function isListed(name: string): boolean {
  if (PASSED_NAMES.includes(name)) return true
  return PASSED_PREFIXES.some((prefix) => name.startsWith(prefix)) || isInput(name)
}

function isInput(name: string): boolean {
  if (name.startsWith('PULUMI_') || INPUT_NAMES.includes(name)) return true
  return INPUT_PREFIXES.some((prefix) => name.startsWith(prefix))
}
