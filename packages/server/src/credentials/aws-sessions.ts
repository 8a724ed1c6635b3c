/**
 * Sessions of AWS. Where STS has `GetScopedCredentials`, the role's own session stays on the server
 * and a part of it is handed out, with the same policy: it may be as short as it has to be, so that a
 * kill switch bites sooner. Where it is missing or not permitted, the role is taken on with the policy
 * itself, for the quarter of an hour that is the shortest there. Neither is ever wider than the
 * policy that was shown.
 *
 * Source: AWS STS API Reference, GetScopedCredentials (not on the global endpoint; 1 second at
 * least), AssumeRole and AssumeRoleWithWebIdentity (900 seconds at least).
 */
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetScopedCredentialsCommand,
  type STSClient,
  STSServiceException,
} from '@aws-sdk/client-sts'
import { externalIdOf } from '@holdpoint/core'
import { systemClock } from '../io/clock.ts'
import type { Exchange } from './provider.ts'

/** How long sessions of one way of asking live. */
interface Lifetime {
  readonly secondsMin: number
  readonly seconds: number
  /** The shortest that there is, for what saves the state and ends by its policy in any case. */
  readonly graceSecondsMin: number
}

const WHOLE: Lifetime = { secondsMin: 900, seconds: 900, graceSecondsMin: 900 }
/** SDKs ask anew five minutes before the end: what is shorter than that is asked for at every call. */
const SCOPED: Lifetime = { secondsMin: 330, seconds: 600, graceSecondsMin: 1 }

export type Given =
  | { readonly credentials: Credentials | undefined }
  | { readonly tooShort: { readonly secondsMin: number; readonly secondsLeft: number } }

export interface Sessions {
  /** Throws what STS answers when it refuses. */
  readonly open: (request: Exchange) => Promise<Given>
}

/** `clientFor` may be given keys to speak with; each client is destroyed after one session. */
export type ClientFor = (request: Exchange, keys?: Credentials) => STSClient

const ASK_AGAIN_MS = 60 * 60_000

export function createSessions(clientFor: ClientFor): Sessions {
  const missingUntil = new Map<string, number>()
  return {
    open: async (request) => {
      const { id } = request.connection
      const mayScope = request.phase === 'apply' && (missingUntil.get(id) ?? 0) <= systemClock.now()
      if (mayScope) {
        const scoped = await openScoped(clientFor, request)
        if (scoped !== 'missing') return scoped
        missingUntil.set(id, systemClock.now() + ASK_AGAIN_MS)
      }
      return openWhole(clientFor, request)
    },
  }
}

async function openWhole(clientFor: ClientFor, request: Exchange): Promise<Given> {
  const seconds = secondsOf(WHOLE, request)
  if (typeof seconds !== 'number') return seconds
  return { credentials: await takeRole(clientFor, { request, seconds, policy: request.policy }) }
}

async function openScoped(clientFor: ClientFor, request: Exchange): Promise<Given | 'missing'> {
  const seconds = secondsOf(SCOPED, request)
  if (typeof seconds !== 'number') return seconds
  const own = await takeRole(clientFor, { request, seconds: WHOLE.seconds, policy: null })
  // Without keys of the role it would be a part of this server's own identity.
  if (own?.AccessKeyId === undefined || own.SecretAccessKey === undefined)
    return { credentials: undefined }
  const client = clientFor(request, own)
  try {
    const { Credentials: credentials } = await client.send(
      new GetScopedCredentialsCommand({
        DurationSeconds: seconds,
        ScopedSessionDescription: Object.values(request.session.tags).join(' ').slice(0, 256),
        ...(request.policy === null ? {} : { Policy: request.policy }),
      }),
    )
    return { credentials }
  } catch (cause) {
    if (cause instanceof STSServiceException && MISSING.has(cause.name)) return 'missing'
    throw cause
  } finally {
    client.destroy()
  }
}

/** What an STS says that does not know the call, or a role that does not permit it. */
const MISSING: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'InvalidAction',
  'UnknownOperationException',
])

/** The last one lives to the end, because nothing shorter can follow it. */
function secondsOf(
  { secondsMin, seconds, graceSecondsMin }: Lifetime,
  { secondsLeft, isGrace }: Exchange,
): number | Extract<Given, { readonly tooShort: object }> {
  if (isGrace) return Math.max(graceSecondsMin, secondsLeft)
  if (secondsLeft < secondsMin) return { tooShort: { secondsMin, secondsLeft } }
  return secondsLeft < seconds + secondsMin ? secondsLeft : seconds
}

interface Taking {
  readonly request: Exchange
  readonly seconds: number
  readonly policy: string | null
}

async function takeRole(
  clientFor: ClientFor,
  { request, seconds, policy }: Taking,
): Promise<Credentials | undefined> {
  const { connection, identity, session, token, phase } = request
  const asked = {
    RoleArn: identity,
    RoleSessionName: session.name,
    DurationSeconds: seconds,
    ...(policy === null ? {} : { Policy: policy }),
  }
  const client = clientFor(request)
  try {
    if (connection.settings['trust'] !== 'server') {
      const shown = { ...asked, WebIdentityToken: token.reveal() }
      return (await client.send(new AssumeRoleWithWebIdentityCommand(shown))).Credentials
    }
    const answer = await client.send(
      new AssumeRoleCommand({
        ...asked,
        ExternalId: externalIdOf(connection.workspace, phase),
        SourceIdentity: session.name,
        Tags: Object.entries(session.tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    )
    return answer.Credentials
  } finally {
    client.destroy()
  }
}
