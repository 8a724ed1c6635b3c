/**
 * The environment of the tool, built from lists and never by removing (DESIGN §5). What is found
 * and may not pass is named, so that nobody wonders why it has no effect. Must never hand on
 * `HOLDPOINT_*`: code that the tool starts could speak as this runner.
 */
import { isAbsolute, resolve, sep } from 'node:path'
import type { Environment } from '../../io/environment.ts'
import {
  CREDENTIAL_NAMES,
  CREDENTIAL_PREFIXES,
  FORBIDDEN_NAMES,
  FORBIDDEN_PREFIXES,
  INPUT_NAMES,
  INPUT_PREFIXES,
  OWN_SETTINGS,
  PASSED_NAMES,
  PASSED_PREFIXES,
  STANDING_NAMES,
} from './environment-names.ts'

export interface ToolEnvironment {
  /** What the child gets, frozen. */
  readonly env: Environment
  /** What counts as input of the change, by name. */
  readonly inputs: Environment
  /** Names that were found and do not pass; never their values. */
  readonly withheld: readonly string[]
}

export interface EnvironmentRules {
  /** Absolute. `TF_DATA_DIR` passes only when it lies inside. */
  readonly rootModule: string
  /** Further names that the caller lets pass; they are inputs. */
  readonly alsoPass: readonly string[]
  /**
   * A pipeline applies by itself: what we would withhold reaches its tool, so it is an input. Our
   * own settings are not: they may differ between steps.
   */
  readonly appliedElsewhere: boolean
  /** The run's credentials come from its grant: what stands around does not pass. */
  readonly granted?: boolean
}

export function buildEnvironment(found: Environment, rules: EnvironmentRules): ToolEnvironment {
  const names = Object.keys(found).toSorted()
  const withheld = names.filter((name) => isForbidden(name, found, rules))
  const candidates = names.filter((name) => !withheld.includes(name) && !isOwn(name))
  const passed = candidates.filter((name) => isPassed(name, rules))
  const bound = rules.appliedElsewhere ? withheld.filter((name) => !isOurs(name)) : []
  const inputNames = [...candidates.filter((name) => isInput(name, rules)), ...bound]
  const env = Object.freeze({ ...pick(found, passed), ...OWN_SETTINGS })
  return { env, inputs: pick(found, inputNames), withheld }
}

function pick(found: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(names.map((name) => [name, found[name] ?? '']))
}

function isOurs(name: string): boolean {
  return name.startsWith('HOLDPOINT_')
}

/** Replaced by ours, and nothing to wonder about. */
const HOMES: readonly string[] = ['HOME', 'XDG_CONFIG_HOME']

/** The sentence for what does not pass; `null` when nothing was found. */
export function withheldWarning(withheld: readonly string[]): string | null {
  const named = withheld.filter((name) => !isOurs(name) && !HOMES.includes(name))
  if (named.length === 0) return null
  return `Not passed on to the tool: ${named.join(', ')}`
}

function isForbidden(name: string, found: Environment, rules: EnvironmentRules): boolean {
  if (FORBIDDEN_NAMES.includes(name)) return true
  if (hasPrefix(name, FORBIDDEN_PREFIXES)) return true
  if (rules.granted === true && isStanding(name)) return true
  return name === 'TF_DATA_DIR' && !isInside(found[name] ?? '', rules.rootModule)
}

/** State services and registries of the tool itself are no cloud. */
function isStanding(name: string): boolean {
  if (name === 'TF_HTTP_PASSWORD') return false
  return CREDENTIAL_NAMES.includes(name) || STANDING_NAMES.includes(name)
}

function isInside(path: string, folder: string): boolean {
  const absolute = isAbsolute(path) ? path : resolve(folder, path)
  return absolute.startsWith(folder + sep)
}

function isOwn(name: string): boolean {
  return Object.hasOwn(OWN_SETTINGS, name)
}

function isPassed(name: string, rules: EnvironmentRules): boolean {
  if (PASSED_NAMES.includes(name) || hasPrefix(name, PASSED_PREFIXES)) return true
  return isListed(name, rules)
}

function isInput(name: string, rules: EnvironmentRules): boolean {
  if (CREDENTIAL_NAMES.includes(name) || hasPrefix(name, CREDENTIAL_PREFIXES)) return false
  return isListed(name, rules)
}

function isListed(name: string, rules: EnvironmentRules): boolean {
  if (INPUT_NAMES.includes(name) || hasPrefix(name, INPUT_PREFIXES)) return true
  return rules.alsoPass.includes(name)
}

function hasPrefix(name: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => name.startsWith(prefix))
}
