/**
 * The tool's line by line account of itself (`-json`), read for people and for progress. A line
 * that is not understood is passed on as text; nothing here decides whether the tool succeeded.
 */
import type { ToolHook } from '../progress.ts'
import type { ToolProblem } from '../run-event.ts'

export type ToolLine =
  | { readonly kind: 'problem'; readonly problem: ToolProblem }
  | { readonly kind: 'hook'; readonly hook: ToolHook; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }

const STATES: { readonly [type: string]: ToolHook['state'] } = {
  apply_start: 'started',
  apply_progress: 'going_on',
  apply_complete: 'done',
  apply_errored: 'failed',
}

/** Lines that say again what Holdpoint says itself. */
const LEFT_OUT: readonly string[] = ['version', 'planned_change', 'change_summary', 'outputs']

export function readToolLine(line: string): ToolLine | null {
  const document = parse(line)
  if (document === undefined) return line === '' ? null : { kind: 'text', text: line }
  const type = textAt(document, 'type')
  if (type === 'diagnostic') return { kind: 'problem', problem: problemOf(document) }
  if (type === null || LEFT_OUT.includes(type)) return null
  const text = textAt(document, '@message') ?? ''
  const state = Object.hasOwn(STATES, type) ? STATES[type] : undefined
  if (state === undefined) return { kind: 'text', text }
  const hook = at(document, 'hook')
  const address = textAt(at(hook, 'resource'), 'addr') ?? ''
  return { kind: 'hook', hook: { state, address, action: textAt(hook, 'action') ?? '' }, text }
}

function problemOf(document: unknown): ToolProblem {
  const diagnostic = at(document, 'diagnostic')
  return {
    severity: textAt(diagnostic, 'severity') === 'warning' ? 'warning' : 'error',
    summary: textAt(diagnostic, 'summary') ?? textAt(document, '@message') ?? '',
    detail: textAt(diagnostic, 'detail') ?? '',
    address: textAt(diagnostic, 'address'),
  }
}

function parse(line: string): unknown {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    // Not ours to judge: a provider may print anything. It is shown as the text it is.
    return undefined
  }
}

function at(document: unknown, key: string): unknown {
  if (typeof document !== 'object' || document === null) return undefined
  return Object.hasOwn(document, key) ? Reflect.get(document, key) : undefined
}

function textAt(document: unknown, key: string): string | null {
  const value = at(document, key)
  return typeof value === 'string' ? value : null
}
