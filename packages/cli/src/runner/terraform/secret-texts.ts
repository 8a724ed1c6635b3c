/**
 * The texts that must not show in what the tool prints: values that the plan marks, values of
 * sensitive variables, credentials in the environment, and our own token.
 */
import { isList, isMap, type Plan, type Value } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import type { ToolArguments } from './arguments.ts'
import { CREDENTIAL_NAMES, CREDENTIAL_PREFIXES } from './environment-names.ts'

export interface SecretSources {
  readonly environment: Environment
  readonly arguments: ToolArguments
  readonly token: string | null
  /** Before redaction; `null` while there is no plan yet. */
  readonly plan: Plan | null
}

export function secretTexts(sources: SecretSources): readonly string[] {
  const { environment, plan } = sources
  const credentials = Object.keys(environment).filter(isCredential)
  const found = credentials.map((name) => environment[name] ?? '')
  if (sources.token !== null) found.push(sources.token)
  if (plan === null) return found
  const sensitive = new Set(plan.variables.filter((each) => each.sensitive).map((v) => v.name))
  for (const name of sensitive) found.push(environment[`TF_VAR_${name}`] ?? '')
  for (const given of sources.arguments.variables)
    if (sensitive.has(given.name)) found.push(given.value)
  for (const each of plan.variables) if (each.sensitive) found.push(...textsIn(each.value, true))
  for (const each of [...plan.resources, ...plan.outputs, ...plan.drift]) {
    found.push(...textsIn(each.before, each.beforeSensitive))
    found.push(...textsIn(each.after, each.afterSensitive))
  }
  return found
}

function isCredential(name: string): boolean {
  if (/_(?:ID|URI|URL|PATH|FILE|OVERRIDE|EXPIRATION)$/.test(name)) return false
  return (
    CREDENTIAL_NAMES.includes(name) || CREDENTIAL_PREFIXES.some((prefix) => name.startsWith(prefix))
  )
}

/** Texts below what the mask marks: `true` marks everything below. */
function textsIn(value: Value, mask: Value): readonly string[] {
  if (mask === null || mask === false || mask === undefined) return []
  if (mask === true) return allTexts(value)
  if (isList(value) && isList(mask))
    return value.flatMap((child, index) => textsIn(child, mask[index] ?? null))
  if (!isMap(value) || !isMap(mask)) return []
  return Object.entries(value).flatMap(([key, child]) =>
    Object.hasOwn(mask, key) ? textsIn(child, mask[key] ?? null) : [],
  )
}

function allTexts(value: Value): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (isList(value)) return value.flatMap(allTexts)
  return isMap(value) ? Object.values(value).flatMap(allTexts) : []
}
