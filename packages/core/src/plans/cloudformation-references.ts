/**
 * Which resource of a change set reads which: what the tool names as the cause of a change. It
 * says so only where the other changes as well, so a change set shows the fewest of all tools.
 */
import type { Reference, ResourceChange } from '../plan.ts'
import { field, type Value } from '../value.ts'
import { keepReferences, type References } from './references.ts'
import { listOr, textOr } from './terraform-change.ts'

const SOURCES: ReadonlySet<Value> = new Set(['ResourceReference', 'ResourceAttribute'])

export function cloudformationReferences(resources: readonly ResourceChange[]): References {
  return keepReferences(resources.flatMap(referencesOf), resources)
}

function referencesOf(change: ResourceChange): readonly Reference[] {
  const found: Reference[] = []
  for (const detail of listOr(change.extra['Details'])) {
    const source = field(detail, 'ChangeSource')
    // `Logical.Attribute`; a logical id has no dot.
    const [logicalId = ''] = textOr(field(detail, 'CausingEntity'), '').split('.')
    if (source === undefined || !SOURCES.has(source) || logicalId === '') continue
    const target = field(detail, 'Target')
    const attribute = textOr(field(target, 'Name'), textOr(field(target, 'Attribute'), ''))
    found.push({ from: change.address, to: besides(change, logicalId), attribute })
  }
  return found
}

/** The cause stands in the same stack, whose path is all before the own logical id. */
function besides({ address, name }: ResourceChange, logicalId: string): string {
  return address.slice(0, address.length - name.length) + logicalId
}
