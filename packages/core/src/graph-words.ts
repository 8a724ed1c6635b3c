/** What a picture of a plan says of its nodes and lines, in the same words on every surface. */
import { splitAddress } from './entry-address.ts'
import type { GraphLink, GraphNode } from './graph.ts'
import { DANGER_ORDER } from './headline.ts'
import type { Reference } from './plan.ts'
import { safeText } from './safe-text.ts'

export const READS_DESTROYED = 'Reads from something destroyed'
export const STAYS = 'Stays as it is'

/** Beside the list that stands in its place. */
export const TOO_LARGE = 'Too large to draw usefully'

/** Only what tools write down is drawn; a picture without a line is no promise. */
export const NO_LINE =
  'Lines are what the tool wrote down. No line does not mean that neither needs the other.'

/** Module and name apart, as in rows; hostile text. */
export function nodeName(node: GraphNode): { readonly module: string; readonly name: string } {
  if (node.kind === 'resource') return splitAddress(node.key, node.entries[0]?.module ?? '')
  return { module: '', name: moduleName(node.key) }
}

export function moduleName(module: string): string {
  return module === '' ? 'the root module' : module
}

/** `1 delete, 2 update`, and what stays as it is: what is in a module. */
export function nodeCounts(node: GraphNode): string {
  const counts = DANGER_ORDER.map((action) => {
    const count = node.entries.filter((entry) => entry.action === action).length
    return count === 0 ? '' : `${count} ${action === 'noop' ? 'unchanged' : action}`
  })
  return counts.filter((text) => text !== '').join(', ')
}

/** What a box has room for in the mono font of 11.5 px. */
export const BOX_CHARACTERS = 27

/** Made safe, then cut in the middle: the end of an address says what it is. */
export function boxText(text: string, characters: number): string {
  const safe = safeText(text).text
  if (safe.length <= characters) return safe
  const tail = Math.ceil((characters - 1) * 0.7)
  return `${safe.slice(0, Math.max(0, characters - 1 - tail))}…${safe.slice(safe.length - tail)}`
}

const NAMED_MAX = 3

/** Which attributes read: `role_arn, policy and 2 more`. Hostile text. */
export function linkNames({ references }: Pick<GraphLink, 'references'>): string {
  const names = [...new Set(references.map(attributeOf))]
  const rest = names.length - NAMED_MAX
  return names.slice(0, NAMED_MAX).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function attributeOf({ attribute }: Reference): string {
  return attribute === '' ? 'the whole of it' : attribute
}
