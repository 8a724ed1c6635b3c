/**
 * The kill switch in words: what stopping a run does, what it cannot take back, and who did it. What
 * a cloud honours is said as it is: nothing here reaches into a cloud.
 */
import { connectionName, cutOffWords, honouredWords } from '@holdpoint/core'
import { actorName } from './actors.ts'
import { clock, type Moment, moment } from './time.ts'
import type { ChangeView, GrantView } from './wire.ts'
import { count } from './words.ts'

type Issued = GrantView['credentials'][number]
type Revoked = Pick<GrantView, 'revokedAt' | 'revokedBy' | 'revokedBecause'>

/** What happens, in one sentence; the tool is told only where our runner runs it. */
export function stopDoes(door: GrantView['door']): string {
  if (door === 'gate')
    return 'Nothing is issued for it from now on. A pipeline applies it by itself: nobody here can tell that to stop.'
  return (
    'Nothing is issued or renewed from now on, the tool is told to stop within one heartbeat ' +
    '(ten seconds), and its state can still be saved for ten minutes where the backend allows it.'
  )
}

/** Beside the button. */
export function stopShort(door: GrantView['door']): string {
  return door === 'gate'
    ? 'Nothing is issued; its pipeline is not told.'
    : 'Nothing is renewed, and the tool is told to stop.'
}

export const STAYS =
  'What it has changed already stays changed, and something may be left half made.'

export interface Left {
  readonly key: string
  readonly where: string
  /** Until when it is worth something. */
  readonly honoured: string
  /** Where a person ends it sooner; `null` once it is over. */
  readonly sooner: string | null
}

/** What was handed out already. */
export function leftOf(credentials: readonly Issued[], when: Moment): readonly Left[] {
  return credentials.map((each) => {
    const { kind, until } = each
    const isOver = until <= when.now
    const time = clock(until, when)
    const honoured = kind === null ? `honoured until ${time}` : honouredWords(kind, time)
    return {
      key: each.credential,
      where: whereText(each),
      honoured: isOver ? `over since ${time}` : honoured,
      sooner: isOver || kind === null ? null : cutOffWords(kind),
    }
  })
}

function whereText({ kind, account, purpose }: Issued): string {
  const place = kind === null ? 'A connection that is gone' : connectionName(kind)
  const named = account === null ? place : `${place} ${account}`
  return purpose === 'state' ? `${named}, to save the state` : named
}

/** `issued once`, `issued 4 times`. */
export function issuedText({ count: times }: Issued): string {
  return times === 1 ? 'issued once' : `issued ${count(times, 'time')}`
}

/** `Stopped by Jonas Weber at 02:45`; `null` where nobody did. */
export function stoppedText({ revokedAt, revokedBy }: Revoked, when: Moment): string | null {
  if (revokedAt === null) return null
  const by = revokedBy === null ? '' : ` by ${actorName(revokedBy)}`
  const at = moment(revokedAt, when)
  return `Stopped${by} ${at.includes(' ') ? at : `at ${at}`}`
}

/** The same in a sentence about the change; empty where nobody did. */
export function wasStopped({ execution }: Pick<ChangeView, 'execution'>): string {
  if (execution === null || execution.revokedAt === null) return ''
  const by = execution.revokedBy === null ? 'Somebody' : actorName(execution.revokedBy)
  return `${by} stopped it${becauseText(execution)}`
}

/** Ends the sentence: `: “A key leaked.”`, without a second full stop. */
export function becauseText({ revokedBecause }: Pick<Revoked, 'revokedBecause'>): string {
  if (revokedBecause === null) return '.'
  return `: “${revokedBecause}”${/[.!?…]$/.test(revokedBecause.trim()) ? '' : '.'}`
}

/** As the server said when it was asked, and not past its time since. */
export function isLiveNow(
  { live, until }: Pick<GrantView, 'live' | 'until'>,
  now: number,
): boolean {
  return live && now < until
}

export function grantState(grant: GrantView, when: Moment): string {
  const { until, endedAt } = grant
  if (isLiveNow(grant, when.now)) return `until ${moment(until, when)} at most`
  return `ended ${moment(Math.min(endedAt ?? until, until), when)}`
}

/** Typed before everything is stopped. */
export const STOP_ALL = 'stop all'

export function isTypedStopAll(typed: string): boolean {
  return typed.trim().toLowerCase() === STOP_ALL
}
