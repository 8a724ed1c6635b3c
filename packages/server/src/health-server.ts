/** Checks of what the server stands on: database, log, guard, evaluation, time, policy. */
import { dirname } from 'node:path'
import { attention, broken, type Check, type Found, ok } from './health-found.ts'
import { Fault } from './io/fault.ts'
import type { ReadPolicy } from './policy-in-force.ts'
import { agreedNow } from './same-clock.ts'
import type { Services } from './services.ts'
import { leavesBetween, logSize, newestCheckpoint } from './views-queries.ts'

export function serverChecks(services: Services, readPolicy: ReadPolicy): readonly Check[] {
  return [
    { id: 'database', name: 'Database', look: () => database(services) },
    { id: 'writes', name: 'Writing', look: async () => writes(services) },
    { id: 'log', name: 'Signed log', look: () => signedLog(services) },
    { id: 'guard', name: 'Guard', look: () => guard(services) },
    { id: 'evaluation', name: 'Evaluation', look: () => evaluation(services) },
    { id: 'sign-in', name: 'Sign-in', look: () => signIn(services) },
    { id: 'time', name: 'Time', look: () => time(services) },
    { id: 'policy', name: 'Policy', look: () => policy(readPolicy) },
  ]
}

async function database({ database: db, mode }: Services): Promise<Found> {
  const entries = await logSize(db.kysely)
  const servers = await db.servers()
  if (servers > 0)
    return ok(`PostgreSQL answers; ${entries} entries, ${plural(servers, 'server')} connected.`)
  const says = `The embedded database answers; ${entries} entries.`
  if (mode === 'development') return ok(says)
  return attention(
    `${says} A power cut can lose its newest ones.`,
    'Give the server a PostgreSQL with --database-url.',
  )
}

function writes({ audit }: Services): Found {
  const state = audit.watch.state()
  if (state === 'ok') return ok('Entries are written, and the log is what was signed.')
  return broken(
    `Reads only: ${state.readsOnly}`,
    'Stop the server and run holdpoint recover, which says what can be brought back.',
  )
}

/** A signature follows each entry within a second; one that is a minute behind is stuck. */
const BEHIND_MS_MAX = 60_000

async function signedLog({ database: { kysely }, clock }: Services): Promise<Found> {
  const size = await logSize(kysely)
  const signed = (await newestCheckpoint(kysely))?.size ?? 0
  if (signed >= size) return ok(`All ${size} entries are signed.`)
  const [first] = await leavesBetween(kysely, { start: signed, end: signed + 1 })
  const waiting = `${plural(size - signed, 'entry', 'entries')} after entry ${signed - 1}`
  if (first === undefined || clock.now() - atOf(first.data) < BEHIND_MS_MAX)
    return ok(`${waiting} are about to be signed.`)
  return broken(
    `${waiting} are not signed, and nothing starts until they are.`,
    'Look at the server’s output: the signing key or the guard may not be reachable.',
  )
}

function atOf(data: Uint8Array): number {
  const entry: unknown = JSON.parse(new TextDecoder().decode(data))
  const at: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'at') : 0
  return typeof at === 'number' ? at : 0
}

async function guard({ guard: kept, database: db, mode }: Services): Promise<Found> {
  const note = await kept.file.read()
  const newest = await newestCheckpoint(db.kysely)
  const place = kept.file.place
  if (note === null && newest !== null)
    return broken(
      `There is nothing at ${place}, where the last signed head should be.`,
      'Put it back from where it was kept; without it a database of yesterday would pass.',
    )
  const size = Number(note?.split('\n')[1] ?? 0)
  const lag = (newest?.size ?? 0) - size
  if (lag > 1_000)
    return broken(
      `${place} is ${lag} entries behind the signed log.`,
      'Look at the server’s output: it may not be able to write there.',
    )
  const says = `It holds the signed head of ${size} entries.`
  if (mode === 'development' || dirname(place) !== kept.dataDir) return ok(says)
  return attention(
    `${says} It lies beside the data that it guards.`,
    'Set guardFile to a file on another volume.',
  )
}

async function evaluation({ evaluation: rules, gate }: Services): Promise<Found> {
  const text = await rules.policyText(await gate.policy())
  const before = performance.now()
  const problems = await rules.policyProblems(text)
  const took = Math.round(performance.now() - before)
  if (problems.length === 0)
    return ok(`The process that runs the rules read the policy in ${took} ms.`)
  return broken(
    `The process that runs the rules says: ${problems[0] ?? 'nothing'}`,
    'Until it answers, people decide everything. Look at the server’s output and its memory.',
  )
}

async function signIn({ mode, oidc, baseUrl, log }: Services): Promise<Found> {
  if (mode === 'development') return ok('Development: anyone here can be anyone.')
  if (oidc === null) return ok('With passkeys; no identity provider is set up.')
  try {
    const { url } = await oidc.begin(`${baseUrl()}/sign-in`, '/')
    return ok(`${oidc.name} is known; people sign in at ${url.host}.`)
  } catch (error) {
    log.warn({ err: error }, 'the identity provider does not answer')
    return broken(
      `${oidc.name} does not answer. Who is signed in stays so; passkeys work.`,
      'Check its address in the configuration, and that this machine can reach it.',
    )
  }
}

async function time({ database: { kysely }, clock }: Services): Promise<Found> {
  try {
    await agreedNow(kysely, clock)
    return ok('This machine and the database agree on the time.')
  } catch (cause) {
    if (!(cause instanceof Fault && cause.code === 'clock_differs')) throw cause
    return broken(`${capital(cause.message.split(';')[0] ?? '')}.`, 'Synchronise both machines.')
  }
}

async function policy(readPolicy: ReadPolicy): Promise<Found> {
  const { revision, policy: inForce } = await readPolicy()
  if (inForce === null)
    return broken(
      `Revision ${revision} cannot be read by this version, so people decide everything.`,
      'Push a revision that it can read: holdpoint policy check, then policy push ' +
        '--token-file <data folder>/admin-token.',
    )
  const rules = plural(inForce.rules.length, 'rule')
  if (revision === 0)
    return attention(
      'The built-in policy is in force: everything waits for team platform.',
      'Write your own and push it: holdpoint policy push <file> ' +
        '--token-file <data folder>/admin-token.',
    )
  return ok(`Revision ${revision} is in force, with ${rules}.`)
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
