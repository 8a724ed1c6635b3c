/**
 * Which resource of a Pulumi preview reads which: its state lists them by URN. The state that will
 * be counts before the one that was, which is all there is of what is deleted. A provider and the
 * stack itself are no references: everything has them.
 */
import type { Reference, ResourceChange } from '../plan.ts'
import { isList, type Value } from '../value.ts'
import { partsOf, STACK_TYPE } from './pulumi-change.ts'
import { keepReferences, type References } from './references.ts'
import { textOr } from './terraform-change.ts'
import { membersOf } from './terraform-configuration.ts'

export function pulumiReferences(resources: readonly ResourceChange[]): References {
  return keepReferences(resources.flatMap(referencesOf), resources)
}

function referencesOf(change: ResourceChange): readonly Reference[] {
  const read = (key: string): Value => {
    return change.extra[`new.${key}`] ?? change.extra[`old.${key}`] ?? null
  }
  const found: Reference[] = []
  const add = (to: string, attribute: string): void => {
    found.push({ from: change.address, to, attribute })
  }
  const explained = new Set<string>()
  for (const [attribute, urns] of membersOf(read('propertyDependencies'))) {
    for (const urn of textsOf(urns)) {
      explained.add(urn)
      add(urn, attribute)
    }
  }
  for (const urn of textsOf(read('dependencies'))) if (!explained.has(urn)) add(urn, 'dependsOn')
  const parent = textOr(read('parent'), '')
  if (parent !== '' && partsOf(parent).type !== STACK_TYPE) add(parent, 'parent')
  return found
}

function textsOf(value: Value): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : []
}
