/** Words of the workspace pages: labels as they are typed, where it is pinned, what slots ask for. */
import type { WorkspaceView } from './wire.ts'
import { approverName, list } from './words.ts'

type Pin = NonNullable<WorkspaceView['pin']>
type Labels = WorkspaceView['labels']

export function addressOfWorkspace(name: string): string {
  return `/w/${name.split('/').map(encodeURIComponent).join('/')}`
}

/** `env=prod`, one each, in the order of their keys. */
export function labelLines(labels: Labels): readonly string[] {
  return Object.entries(labels)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
}

/** One `key=value` per line; `null` with the first line that is none. */
export function readLabels(
  text: string,
): { readonly ok: true; readonly labels: Labels } | { readonly ok: false; readonly line: string } {
  const labels = new Map<string, string>()
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue
    const at = line.indexOf('=')
    if (at < 1) return { ok: false, line }
    labels.set(line.slice(0, at).trim(), line.slice(at + 1).trim())
  }
  return { ok: true, labels: Object.fromEntries(labels) }
}

export function pinLines(pin: Pin): readonly (readonly [string, string])[] {
  const settings = Object.entries(pin.backend.settings).map(
    ([name, value]) => [`${pin.backend.type} ${name}`, value] as const,
  )
  const backend = settings.length === 0 ? [['Backend', pin.backend.type] as const] : settings
  return [
    ...backend,
    ['Tool’s workspace', pin.toolWorkspace],
    ['Accounts', list(pin.accounts, 'and') || 'none known'],
    ['Regions', list(pin.regions, 'and') || 'none known'],
  ]
}

/** `2 of platform`, `dba or sre`. */
export function slotText({
  from,
  count,
}: {
  readonly from: readonly string[]
  readonly count: number
}): string {
  const names = list(from.map(approverName), 'or')
  return count === 1 ? names : `${count} of ${names}`
}

/** One per line; commas and spaces separate too. */
export function readList(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((each) => each !== ''))]
}
