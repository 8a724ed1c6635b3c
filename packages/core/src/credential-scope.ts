/**
 * What credentials an execution would be granted: one document, made once when the change is first
 * evaluated, kept as evidence and shown beside the plan. A decision commits to its digest, and the
 * cloud gets the very policy that stands in it (threat B4).
 */
import { canonicalText } from './canonical.ts'
import { CONNECTION_KINDS, type Connection } from './connection.ts'
import { parseConnectionId } from './ids.ts'
import {
  branded,
  fields,
  flag,
  list,
  nullable,
  type Of,
  oneOf,
  text,
  textMap,
  whole,
} from './shape.ts'
import type { Json } from './value.ts'

const long = text(4_000)

export const credentialScopeShape = fields({
  v: oneOf([1]),
  connections: list(
    fields({
      connection: branded(parseConnectionId, 'con_ and 16 of [0-9a-z]'),
      kind: oneOf(CONNECTION_KINDS),
      account: long,
      /** What the credential becomes. */
      identity: long,
      audience: long,
      settings: textMap,
      /** How long one credential lives; it is renewed while the grant is live. */
      seconds: whole(1),
      /** It allows the actions and resources of this plan, and nothing else. */
      narrowed: flag,
      /** Why it is not, or not wholly: one sentence each. */
      because: list(long),
      /** The session policy that the cloud gets, byte for byte; `null`: it has the whole identity. */
      policy: nullable(long),
      /** For the credential that only saves the state; `null`: there is none. */
      state: nullable(long),
      /** The same for people. */
      statements: list(fields({ actions: list(long), resources: list(long) })),
    }),
  ),
})

export type CredentialScope = Of<typeof credentialScopeShape>
export type ScopedConnection = CredentialScope['connections'][number]

/** The evidence bytes: canonical, so that one scope has one digest. */
export function scopeText(scope: CredentialScope): string {
  const connections = scope.connections.map(
    ({ statements, ...each }): Json => ({
      ...each,
      settings: { ...each.settings },
      because: [...each.because],
      statements: statements.map(({ actions, resources }) => ({
        actions: [...actions],
        resources: [...resources],
      })),
    }),
  )
  return canonicalText({ v: scope.v, connections })
}

/** `null` for what is no scope. */
export function parseScope(text: string): CredentialScope | null {
  const value = parsed(text)
  return credentialScopeShape.is(value) ? value : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Whether what was shown is what a connection leads to now. */
export function isScopeOf(scoped: ScopedConnection, connection: Connection): boolean {
  return (
    scoped.connection === connection.id &&
    scoped.kind === connection.kind &&
    scoped.account === connection.account &&
    scoped.identity === connection.apply &&
    scoped.audience === connection.audience &&
    sameSettings(scoped.settings, connection.settings)
  )
}

type ConnectionSettings = Connection['settings']

export function sameSettings(one: ConnectionSettings, other: ConnectionSettings): boolean {
  return canonicalText({ ...one }) === canonicalText({ ...other })
}

/** Whether a scope still says what the connections of its workspace are. */
export function isCurrentScope(
  scope: CredentialScope,
  connections: readonly Connection[],
): boolean {
  if (scope.connections.length !== connections.length) return false
  return connections.every((connection) =>
    scope.connections.some((scoped) => isScopeOf(scoped, connection)),
  )
}
