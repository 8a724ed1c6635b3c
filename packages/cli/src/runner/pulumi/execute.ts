/** The one update by a saved plan: that very copy, whose deviations the tool itself refuses. */
import { compareSources } from '@holdpoint/core'
import { Fault } from '../../io/fault.ts'
import { Progress, type ToolHook } from '../progress.ts'
import type { Started, ToolEnd } from '../tool.ts'
import { callPulumi } from './call.ts'
import { sourceOf } from './facts.ts'
import type { PulumiPlan } from './prepare.ts'

/** Exit codes as a shell gives them: not started, and interrupted. */
const NOT_STARTED = 127
const INTERRUPTED = 130

export async function execute(prepared: PulumiPlan, started: Started): Promise<ToolEnd> {
  const progress = new Progress(prepared.plan)
  const { exitCode, stderr } = await updateOnce(prepared, { ...started, progress })
  const isApplied = exitCode === 0
  const said = stderr.toString('utf8')
  return {
    outcome: {
      result: isApplied ? 'applied' : 'failed',
      exitCode,
      appliedCount: isApplied ? progress.total : progress.done,
      totalCount: progress.total,
      sourceChanged: await sourceChanged(prepared, started),
      lineage: null,
    },
    stderr: prepared.redactText(started.broker?.hide(said) ?? said).trim(),
  }
}

async function updateOnce(
  { job, planFile, redactText, granted }: PulumiPlan,
  { interrupts, onEvent, progress, broker }: Started & { readonly progress: Progress },
) {
  if (interrupts.interrupted) return { exitCode: INTERRUPTED, stderr: Buffer.alloc(0) }
  const redact = (text: string) => redactText(broker?.hide(text) ?? text)
  const onLine = (line: string) => {
    const { hook, text } = readEvent(line)
    if (text !== null) onEvent({ type: 'tool_output', text: redact(text) })
    if (hook === null) return
    progress.note(hook)
    onEvent({ type: 'progress', ...hook, done: progress.done, total: progress.total })
  }
  const fixed = ['up', `--plan=${planFile.path}`, '--yes', '--skip-preview', '--json']
  const args = [...fixed, ...job.arguments]
  try {
    const child = callPulumi(job, {
      args,
      planFile,
      onLine,
      killGroupAtEnd: false,
      granted: granted === null ? null : { ...granted.env, ...broker?.env },
    })
    return await interrupts.during(child, child.ended)
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    return { exitCode: NOT_STARTED, stderr: Buffer.from(cause.message) }
  }
}

/** The checkpoint is another now, as it should be; the files should not be. */
async function sourceChanged(prepared: PulumiPlan, { onEvent }: Started): Promise<boolean> {
  const { source } = prepared.facts
  const files = source.files.filter(({ path }) => !path.startsWith('plan:'))
  try {
    const differences = compareSources({ ...source, files }, await sourceOf(prepared.job, []))
    if (differences.length > 0) onEvent({ type: 'source_changed', differences })
    return differences.length > 0
  } catch {
    // The project cannot be read as it was: that is a change of it.
    return true
  }
}

const STATES: { readonly [event: string]: ToolHook['state'] } = {
  resourcePreEvent: 'started',
  resOutputsEvent: 'done',
  resOpFailedEvent: 'failed',
}

interface ReadEvent {
  readonly hook: ToolHook | null
  readonly text: string | null
}

/** A line of the engine's events; what is no event is passed on as text. */
function readEvent(line: string): ReadEvent {
  const event = parse(line)
  if (event === undefined) return { hook: null, text: line === '' ? null : line }
  const message = at(at(event, 'diagnosticEvent'), 'message')
  if (typeof message === 'string') return { hook: null, text: message }
  for (const [name, state] of Object.entries(STATES)) {
    const metadata = at(at(event, name), 'metadata')
    const [address, action] = [at(metadata, 'urn'), at(metadata, 'op')]
    if (typeof address !== 'string' || typeof action !== 'string') continue
    return { hook: action === 'same' ? null : { state, address, action }, text: null }
  }
  return { hook: null, text: null }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function at(document: unknown, key: string): unknown {
  if (typeof document !== 'object' || document === null) return undefined
  return Object.hasOwn(document, key) ? Reflect.get(document, key) : undefined
}
