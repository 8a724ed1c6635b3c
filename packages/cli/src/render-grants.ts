/** Connections, live grants and proofs of a cloud's trust, as lines. */
import type { Reply } from '@holdpoint/api/client'
import { connectionName, externalIdOf, parseWorkspaceId } from '@holdpoint/core'
import type { Ink } from './render.ts'
import { issuedLine, revokedText } from './render-credentials.ts'
import { clock, counted, safe, shortId } from './render-text.ts'

type ConnectionRow = Reply<'connections'>['connections'][number]
export type Grant = Reply<'grants'>['grants'][number]

/** What has to be typed into the cloud, by equality; so nothing of it is cut. */
export function trustLines(row: ConnectionRow, issuer: string): readonly string[] {
  const phases = [
    ['apply', row.apply, row.subjects.apply],
    ['plan', row.plan, row.subjects.plan],
  ] as const
  return phases.flatMap(([phase, identity, subject]) => {
    if (identity === null || subject === null) return [`  ${phase}     nothing to plan with`]
    const head = `  ${phase.padEnd(9)}${safe(identity)}`
    if (row.settings['trust'] === 'server') return [head, `    sts:ExternalId  ${idOf(row, phase)}`]
    return [
      head,
      `    iss  ${safe(issuer)}`,
      `    sub  ${safe(subject)}`,
      `    aud  ${safe(row.audience)}`,
    ]
  })
}

function idOf({ workspace }: ConnectionRow, phase: 'plan' | 'apply'): string {
  const id = parseWorkspaceId(workspace.id)
  return id === null ? 'unknown' : externalIdOf(id, phase)
}

export function connectionLines(
  { connections, issuer }: Reply<'connections'>,
  ink: Ink,
): readonly string[] {
  if (connections.length === 0)
    return ['No connections: tools use what they find; holdpoint access connection set']
  return connections.flatMap((row) => [
    ink('bold', connectionTitle(row)),
    ...trustLines(row, issuer),
  ])
}

export function connectionTitle({ id, kind, account, workspace }: ConnectionRow): string {
  return `${id}  ${safe(workspace.name)}   ${connectionName(kind)} ${safe(account)}`
}

/** As the server said, and not past its time since. */
export function isLive({ live, until }: Grant, now: number): boolean {
  return live && until > now
}

export function grantLines(
  grants: readonly Grant[],
  { ink, now }: { readonly ink: Ink; readonly now: number },
): readonly string[] {
  if (grants.length === 0) return ['No grant is live, and no cloud honours one any more']
  return grants.flatMap((grant) => [
    `${shortId(grant.change)}  ${safe(grant.workspace)}   ${ink('bold', headlineOf(grant))}`,
    `  ${stateText(grant, now)}`,
    ...grant.credentials.map((each) => `  ${issuedLine(each, now)}`),
  ])
}

function headlineOf({ headline }: Grant): string {
  return headline === null ? 'not yours to look into' : safe(headline)
}

function stateText(grant: Grant, now: number): string {
  const { revokedAt, startedAt, until, endedAt } = grant
  if (revokedAt !== null) return revokedText(grant, now)
  if (!isLive(grant, now)) return `ended ${clock(Math.min(endedAt ?? until, until), now)}`
  return `live since ${clock(startedAt, now)}, until ${clock(until, now)} at most`
}

export interface Revoked {
  readonly change: string
  readonly revoked: boolean
  /** Why not. */
  readonly problem: string | null
}

export function revokedLines(results: readonly Revoked[]): readonly string[] {
  if (results.length === 0) return ['No grant is live']
  const failed = results.filter(({ revoked }) => !revoked).length
  return [
    ...results.map(({ change, problem }) =>
      problem === null
        ? `Revoked  ${shortId(change)}   what was issued ends by itself; holdpoint grants says when`
        : `! ${shortId(change)} is not revoked: ${safe(problem)}`,
    ),
    ...(failed === 0 ? [] : [`${counted(failed, 'grant')} not revoked`]),
  ]
}

export interface Proven {
  readonly row: ConnectionRow
  readonly proofs: Reply<'proveConnection'>['proofs']
  readonly writing: Reply<'proveConnection'>['writing']
  /** Why the cloud could not be asked. */
  readonly problem: string | null
}

/** Whoever takes plain tokens cannot be asked from here: then nothing is found out, good or bad. */
function isUntriable({ row: { kind } }: Proven): boolean {
  return kind === 'oidc'
}

/** What is not known is told and is no fault: most clouds cannot be asked. */
export function isAsExpected(proven: Proven): boolean {
  const { proofs, writing, problem } = proven
  if (problem === null && isUntriable(proven)) return true
  return (
    problem === null &&
    writing?.found !== 'some' &&
    proofs.every(({ expected, found }) => expected === found)
  )
}

export function proofLines(all: readonly Proven[], ink: Ink): readonly string[] {
  const wrong = all.filter((each) => !isAsExpected(each)).length
  const untried = all.filter(isUntriable).length
  const trusts = `${all.length - untried} of ${counted(all.length, 'trust')}`
  const besides = untried === 0 ? '' : `; ${untried} cannot be tried from here`
  return [
    ...all.flatMap((each) => [connectionTitle(each.row), ...triedLines(each, ink)]),
    all.length === 0
      ? 'No connections to prove'
      : wrong === 0
        ? `${trusts} as expected${besides}`
        : `${counted(wrong, 'connection')} not as expected`,
  ]
}

function triedLines(proven: Proven, ink: Ink): readonly string[] {
  const { proofs, writing, problem } = proven
  if (problem !== null) return [`  ${ink('red', 'BROKEN')}  ${safe(problem)}`]
  const [first] = proofs
  if (isUntriable(proven)) return [`  ?       not tried. ${safe(first?.says ?? '')}`]
  const trials = proofs.map(({ phase, tried, expected, found, says }) => {
    const word = expected === found ? ink('green', 'ok    ') : ink('red', 'BROKEN')
    const was = `expected ${expected}, found ${found.replace('_', ' ')}`
    return `  ${word}  ${phase}, ${tried}: ${was}. ${safe(says)}`
  })
  if (writing === null) return trials
  const words = { none: ink('green', 'ok    '), some: ink('red', 'BROKEN'), not_known: '?     ' }
  return [...trials, `  ${words[writing.found]}  plan, whether it can write: ${safe(writing.says)}`]
}
