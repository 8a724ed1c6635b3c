/**
 * One sentence: what happens *to* the resource. Said from the plan alone, and the same sentence on
 * every surface. What it quotes from the plan stays apart as data, to be rendered by the surface.
 */
import type { Shown } from './attribute-diff.ts'
import { type AttributeView, attributesOf } from './attribute-groups.ts'
import { join, type Phrase, plain, say } from './phrase.ts'
import type { ResourceChange } from './plan.ts'
import { leavesBehind } from './plans/left-behind.ts'
import { realName } from './real-name.ts'
import { field } from './value.ts'

/** `storesData` is the caller's table of types. */
export function effectOf(change: ResourceChange, storesData: (type: string) => boolean): Phrase {
  const holds = storesData(change.type) ? plain('Holds data.') : []
  switch (change.action) {
    case 'delete':
      return join(holds, leaving(change), reasonOf(change))
    case 'replace':
      return join(holds, importedAs(change), forcedBy(change), orderOf(change))
    case 'create':
      return created(change)
    case 'update':
      return join(movedFrom(change), importedAs(change), updated(change))
    case 'import':
      return say`Comes into our care as it is: ${importId(change)}.`
    case 'move':
      return say`Only its address changes; it was ${change.previousAddress ?? 'elsewhere'}.`
    case 'forget':
      return join(plain('Leaves our care and lives on.'), realObject(change, 'It is'))
    case 'read':
      return plain('Is read while applying; nothing in it changes.')
    case 'unknown':
      return say`What happens is not known: the tool says ${change.actions.join(', ') || 'nothing'}`
    case 'noop':
      return plain('Stays as it is.')
  }
}

/** The tool deletes it from its state alone where it is told to keep the object. */
function leaving(change: ResourceChange): Phrase {
  if (!leavesBehind(change)) return realObject(change, 'Gone for good:')
  return join(plain('Leaves our care and lives on.'), realObject(change, 'It is'))
}

function realObject(change: ResourceChange, words: string): Phrase {
  const name = realName(change)
  return name === null ? [] : join(plain(words), say`${name}.`)
}

/** The tool's reasons that matter to a reader; the rest stays in the detail. */
const REASONS: { readonly [reason: string]: string } = {
  delete_because_no_resource_config: 'It is no longer in the configuration.',
  delete_because_no_module: 'Its module is no longer in the configuration.',
  delete_because_count_index: 'Its index is above the new count.',
  delete_because_each_key: 'Its key is no longer in for_each.',
  replace_because_tainted: 'It is marked as damaged.',
  replace_by_request: 'Somebody asked for it on the command line.',
}

function reasonOf(change: ResourceChange): Phrase {
  return plain(change.reason === null ? '' : (REASONS[change.reason] ?? ''))
}

function forcedBy(change: ResourceChange): Phrase {
  const forcing = attributesOf(change).attributes.filter((each) => each.forces)
  const names = [...new Set(forcing.map((each) => each.name))]
  if (names.length === 0) return reasonOf(change)
  if (names.length === 1) return say`${names[0] ?? ''} forces it.`
  return say`${names.join(', ')} force it.`
}

function orderOf(change: ResourceChange): Phrase {
  const order = replaceOrder(change)
  if (order === 'create_first') return plain('New one first, then the old one is removed.')
  return plain(order === 'delete_first' ? 'The old one is removed first.' : '')
}

/** Which comes first in a replacement, by the tool's own words. */
export function replaceOrder(change: ResourceChange): 'create_first' | 'delete_first' | null {
  if (change.action !== 'replace') return null
  const [first] = change.actions
  if (first === 'create') return 'create_first'
  return first === 'delete' ? 'delete_first' : null
}

function created(change: ResourceChange): Phrase {
  const { attributes, folded } = attributesOf(change)
  const set = attributes.length
  const decided = folded.length
  const words = `New, with ${set} attribute${set === 1 ? '' : 's'} set`
  return plain(decided === 0 ? `${words}.` : `${words} and ${decided} decided at apply.`)
}

function movedFrom(change: ResourceChange): Phrase {
  if (change.previousAddress === null) return []
  return say`Was ${change.previousAddress} before.`
}

/** An import that also changes the object counts as its change; that it is one is said. */
function importedAs(change: ResourceChange): Phrase {
  return change.importing === null ? [] : say`Imported from ${importId(change)}.`
}

function updated(change: ResourceChange): Phrase {
  const { attributes } = attributesOf(change)
  const changed = attributes.filter((each) => each.rows.some((row) => row.effect !== 'same'))
  if (changed.length === 0) return plain('The plan shows no difference in its values.')
  const [only] = changed
  if (changed.length === 1 && only !== undefined) return oneAttribute(only)
  const names = changed.map((each) => each.name)
  const shown = names.slice(0, 3).join(', ')
  const rest = names.length - 3
  return [...say`${shown}`, ...plain(rest > 0 ? ` and ${rest} more change.` : ' change.')]
}

const SHORT_MAX = 40

function oneAttribute(attribute: AttributeView): Phrase {
  const [row] = attribute.rows
  if (row === undefined || attribute.rows.length > 1)
    return [...say`${attribute.name}`, ...plain(` changes in ${attribute.rows.length} places.`)]
  const { before, after } = row
  if (before.kind === 'hidden' || after.kind === 'hidden') return say`${row.label} changes, hidden.`
  if (after.kind === 'unknown') return say`${row.label} is decided at apply.`
  const left = shortText(before)
  const right = shortText(after)
  if (row.effect === 'added' && right !== null) return say`${row.label} is new: ${right}`
  if (row.effect === 'removed') return say`${row.label} is removed.`
  if (left === null || right === null) return say`${row.label} changes.`
  return join(say`${row.label} ${left}`, say`→ ${right}`)
}

function shortText(side: Shown): string | null {
  if (side.kind !== 'value' && side.kind !== 'text') return null
  const fits = side.text.length <= SHORT_MAX && !side.text.includes('\n')
  return fits ? side.text : null
}

/** As the tool names it; else the object's own name. */
function importId(change: ResourceChange): string {
  const { importing } = change
  if (typeof importing === 'string') return importing
  const id = field(importing ?? undefined, 'id')
  if (typeof id === 'string') return id
  return realName(change) ?? 'the existing object'
}
