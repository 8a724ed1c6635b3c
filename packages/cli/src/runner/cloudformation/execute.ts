/**
 * The one execution of a change set: that ARN, with the grant as its token, so that asking again
 * after a lost answer starts nothing twice. Then the stack is followed to its end, whatever becomes of
 * the person at the terminal: CloudFormation goes on by itself.
 */
import type { Outcome } from '@holdpoint/core'
import { sleep } from '../../io/clock.ts'
import { Fault } from '../../io/fault.ts'
import { Patience } from '../patience.ts'
import { Progress } from '../progress.ts'
import { JobRefused, type Started, type ToolEnd } from '../tool.ts'
import { lineageOf } from './facts.ts'
import { type FollowedEnd, followStack, hasToken, newestEvent } from './follow.ts'
import { serviceOf } from './job.ts'
import { grantedKeys } from './keys.ts'
import type { CloudformationPlan } from './prepare.ts'
import { type Service, ServiceRefused } from './service.ts'

/** As a shell gives them, because an outcome has an exit code: failed, not started, interrupted. */
const FAILED = 1
const NOT_STARTED = 127
const INTERRUPTED = 130

/** How long the service is asked that gives no answer. */
const AWAY_MS_MAX = 15 * 60_000

interface Execution extends Started {
  readonly prepared: CloudformationPlan
  readonly service: Service
  readonly progress: Progress
}

export async function execute(prepared: CloudformationPlan, started: Started): Promise<ToolEnd> {
  const { job, secrets, plan } = prepared
  const keys = grantedKeys(started.broker, job.executeKeys)
  const service = serviceOf(job, keys, secrets)
  const progress = new Progress(plan)
  const execution = { ...started, prepared, service, progress }
  if (started.interrupts.interrupted) return notStarted(execution, INTERRUPTED, 'Interrupted')
  const goesOn = () => started.onEvent({ type: 'warning', text: GOES_ON })
  started.interrupts.signal.addEventListener('abort', goesOn, { once: true })
  try {
    return await executeOnce(execution)
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    return { outcome: null, stderr: `${cause.message}; look at the stack` }
  } finally {
    started.interrupts.signal.removeEventListener('abort', goesOn)
  }
}

const GOES_ON =
  'CloudFormation goes on by itself, and is followed to its end. To stop it, cancel the update of ' +
  'the stack in AWS'

async function executeOnce(execution: Execution): Promise<ToolEnd> {
  const { prepared, service, progress, onEvent } = execution
  const { name, stackName } = prepared.look.described
  const { pollMs } = prepared.job
  const before = await begin(execution)
  if (typeof before !== 'string' && before !== null) return before
  const ended = await followStack({
    ...{ service, stack: { id: name.stack, name: stackName }, before, pollMs, onEvent },
    awayMsMax: AWAY_MS_MAX,
    redact: prepared.secrets.redact,
    onHook: (hook) => {
      progress.note(hook)
      onEvent({ type: 'progress', ...hook, done: progress.done, total: progress.total })
    },
  })
  return endOf(execution, ended)
}

/** The event before the start, or how it ended without one. */
async function begin(execution: Execution): Promise<string | null | ToolEnd> {
  const { prepared, service } = execution
  try {
    const before = await newestEvent(service, prepared.look.described.name.stack)
    const problem = await send(execution, before)
    return problem === null ? before : notStarted(execution, NOT_STARTED, problem)
  } catch (cause) {
    if (cause instanceof ServiceRefused || cause instanceof JobRefused)
      return notStarted(execution, NOT_STARTED, wordsOf(cause))
    throw cause
  }
}

const SEND_AGAIN_MS = 1_000

/** Until there is an answer: `null` where it started, else why not. Throws where none comes. */
async function send(
  { prepared, service, grant }: Execution,
  before: string | null,
): Promise<string | null> {
  const { name } = prepared.look.described
  const token = tokenOf(grant, prepared.facts.binding.artifact)
  const patience = new Patience(AWAY_MS_MAX)
  for (;;) {
    try {
      await service.execute(name, token)
      return null
    } catch (cause) {
      if (cause instanceof ServiceRefused) {
        // An answer to an earlier sending may have been lost: then it is under way by our token.
        const isOurs = await hasToken(service, { stack: name.stack, before, token })
        return isOurs ? null : wordsOf(cause)
      }
      if (!(cause instanceof Fault) || patience.isOver()) throw cause
      await sleep(SEND_AGAIN_MS, new AbortController().signal)
    }
  }
}

/** The service takes letters, digits and dashes. */
function tokenOf(grant: string, artifact: string): string {
  return (grant === '' ? artifact : grant).replaceAll('_', '-')
}

function wordsOf(cause: ServiceRefused | JobRefused): string {
  return cause instanceof ServiceRefused ? cause.stderr : cause.message
}

function notStarted({ progress }: Execution, exitCode: number, stderr: string): ToolEnd {
  const counts = { appliedCount: 0, totalCount: progress.total }
  const rest = { sourceChanged: false, lineage: null }
  return { outcome: { result: 'failed', exitCode, ...counts, ...rest }, stderr }
}

function endOf({ prepared, progress }: Execution, ended: FollowedEnd): ToolEnd {
  const { total } = progress
  const { stack } = prepared.look.described.name
  const done = ended.isRolledBack ? 0 : progress.done
  const outcome: Outcome = {
    result: ended.isApplied ? 'applied' : 'failed',
    exitCode: ended.isApplied ? 0 : FAILED,
    appliedCount: ended.isApplied ? total : done,
    totalCount: total,
    sourceChanged: false,
    // A stack whose making failed is made again under another id.
    lineage: ended.isApplied ? lineageOf(stack) : null,
  }
  return { outcome, stderr: ended.reasons.join('\n') }
}
