/** What a grant would give, beside the plan: per connection who it becomes, how long, what it may. */
import type { Reply } from '@holdpoint/api/client'
import {
  connectionName,
  honouredWords,
  lifetimeWords,
  narrowedWords,
  parseScope,
  type ScopedConnection,
} from '@holdpoint/core'
import type { Manner } from './render-resources.ts'
import { clock, counted, safe } from './render-text.ts'

type View = Pick<Reply<'change'>, 'evaluation' | 'execution'>

const STATEMENTS_SHOWN = 6
const INDENT = '               '

export function credentialLines({ evaluation }: View, manner: Manner): readonly string[] {
  const text = evaluation?.scope ?? null
  if (text === null) return []
  const scope = parseScope(text)
  // What cannot be read is not approved unseen.
  if (scope === null) return [`${manner.ink('red', '!')} its credentials cannot be read here`]
  return scope.connections.flatMap((each) => scopedLines(each, manner))
}

function scopedLines(scoped: ScopedConnection, manner: Manner): readonly string[] {
  const { kind, account, identity, because, narrowed } = scoped
  const mark = manner.ink(narrowed ? 'green' : 'amber', narrowed ? '✓' : '!')
  return [
    `Credentials    ${connectionName(kind)} ${safe(account)}   as ${safe(identity)}`,
    `${INDENT}${lifetimeWords(scoped)}`,
    `${INDENT}${mark} ${narrowedWords(scoped)}`,
    ...because.map((reason) => `${INDENT}  ${safe(reason)}`),
    ...statementLines(scoped, manner),
  ]
}

function statementLines({ statements }: ScopedConnection, { full }: Manner): readonly string[] {
  const shown = full ? statements : statements.slice(0, STATEMENTS_SHOWN)
  const more = statements.length - shown.length
  return [
    ...shown.flatMap(({ actions, resources }) => [
      `${INDENT}may ${actions.map((each) => safe(each)).join(', ')}`,
      `${INDENT}  on ${resources.map((each) => safe(each)).join(', ')}`,
    ]),
    ...(more === 0 ? [] : [`${INDENT}${counted(more, 'statement')} more; --full shows all`]),
  ]
}

/** What was issued, and until when a cloud takes it whatever is revoked here. */
export function issuedLines(
  { execution }: Pick<View, 'execution'>,
  now: number,
): readonly string[] {
  if (execution === null) return []
  const { revokedAt, credentials } = execution
  const revoked =
    revokedAt === null
      ? []
      : [`! ${revokedText(execution, now)}: nothing is issued but what saves the state`]
  return [...revoked, ...credentials.map((each) => issuedLine(each, now))]
}

/** `revoked 02:45 by Jonas Weber (wrong account)`. */
export function revokedText(
  {
    revokedAt,
    revokedBy,
    revokedBecause,
  }: Pick<NonNullable<View['execution']>, 'revokedAt' | 'revokedBy' | 'revokedBecause'>,
  now: number,
): string {
  const by = revokedBy?.name == null ? '' : ` by ${safe(revokedBy.name)}`
  const because = revokedBecause === null ? '' : ` (${safe(revokedBecause)})`
  return `revoked ${clock(revokedAt ?? now, now)}${by}${because}`
}

type Issued = NonNullable<View['execution']>['credentials'][number]

export function issuedLine({ kind, account, purpose, count, until }: Issued, now: number): string {
  const where =
    kind === null || account === null
      ? 'a connection that is gone'
      : `${connectionName(kind)} ${safe(account)}`
  const what = purpose === 'state' ? ', to save the state' : ''
  const time = clock(until, now)
  const honoured = kind === null ? `the cloud honours it until ${time}` : honouredWords(kind, time)
  const end = until > now ? honoured : 'over'
  return `Issued  ${where}${what}   ${counted(count, 'time')}   ${end}`
}
