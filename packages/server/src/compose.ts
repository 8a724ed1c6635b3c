/**
 * The only constructor: one short function per subsystem, in the order they need each other, and
 * closed in the opposite one. Whatever was opened is closed when a later step fails.
 */
import { fileURLToPath } from 'node:url'
import { nodePrimitives } from '@holdpoint/api/node'
import { digestText, type Effect, HEARTBEAT_LOST_MS, parseChangeId } from '@holdpoint/core'
import { createAdminToken } from './admin-token.ts'
import { BUILT_IN_POLICY_DIGEST } from './built-in-policy.ts'
import { type Config, isLoopback } from './config.ts'
import { createCredentials } from './credentials.ts'
import { createEvaluation, type Evaluation } from './evaluation.ts'
import {
  EVALUATION_DEFAULTS,
  type EvaluationProcessOptions,
  startEvaluationProcess,
} from './evaluation-process.ts'
import { createGate } from './gate.ts'
import { createApp } from './http/app.ts'
import { createAuthenticate } from './http/auth.ts'
import { registerDoors } from './http/doors.ts'
import { prepareDrain } from './http/drain.ts'
import { knownAs } from './http/guard.ts'
import { createHandlers } from './http/handlers.ts'
import { noticeOf } from './http/handlers-events.ts'
import { createStreamHub, type StreamHub } from './http/stream.ts'
import { type FirstLink, offerFirstLink } from './identity/first-link.ts'
import { createOidc, type Oidc } from './identity/oidc.ts'
import { createWorkloadKeys } from './identity/workload-keys.ts'
import { systemClock } from './io/clock.ts'
import { Fault } from './io/fault.ts'
import { createLog, type Logger } from './io/log.ts'
import { createIssuer } from './issuer/issuer.ts'
import { listenOn } from './listen.ts'
import { fileGuard } from './log/guard.ts'
import { originOf } from './log/identity.ts'
import { type Keys, loadKeys } from './log/keys.ts'
import { openLog } from './log/open-log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { openOnCall } from './oncall/open.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'
import { enqueuePending, perform } from './perform.ts'
import { createPlanLines } from './plan-lines.ts'
import type { AuditLog, Clock, EffectQueue, Gate } from './ports.ts'
import { readSecret } from './read-secret.ts'
import { relyingParty } from './relying-party.ts'
import { agreedNow } from './same-clock.ts'
import type { Services } from './services.ts'
import { type SignSoon, signSoon } from './sign-soon.ts'
import type { Database } from './store/db.ts'
import { findSession, sawSession } from './store/sessions.ts'
import { loadNames } from './views-names.ts'
import { countChanges, logSize } from './views-queries.ts'
import { createWorker, type EffectWorker } from './worker.ts'

export interface ServerOptions {
  readonly version: string
  /** For tests; what entries are dated by is the database's clock in any case. */
  readonly clock?: Clock
  readonly evaluation?: Partial<EvaluationProcessOptions>
  /** For tests: a runner that is silent for so long is lost, instead of after a minute. */
  readonly heartbeatLostMs?: number
  readonly logger?: Logger
}

export interface StartedServer {
  readonly url: string
  readonly origin: string
  readonly verifierKey: string
  /** Path of the admin token, when this start made it. */
  readonly adminToken: string | null
  /** The way in for the first person, while nobody administers. */
  readonly firstLink: FirstLink | null
  /** Reads the on-call schedules now, beside every minute. */
  readonly readSchedules: () => Promise<void>
  /** Stops taking requests, lets what runs end, and closes everything. */
  readonly close: () => Promise<void>
}

/** Opened in order; closed in reverse, each once. */
class Opened {
  readonly #closers: (() => Promise<void>)[] = []

  add<T>(value: T, close: (value: T) => Promise<void>): T {
    this.#closers.push(() => close(value))
    return value
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close()
  }
}

export async function startServer(config: Config, options: ServerOptions): Promise<StartedServer> {
  const opened = new Opened()
  try {
    return await start(config, options, opened)
  } catch (error) {
    await opened.close()
    throw error
  }
}

interface Foundation {
  readonly config: Config
  readonly options: ServerOptions
  readonly clock: Clock
  readonly logger: Logger
  readonly database: Database
  readonly keys: Keys
  readonly audit: AuditLog
  readonly metrics: Metrics
}

async function start(
  config: Config,
  options: ServerOptions,
  opened: Opened,
): Promise<StartedServer> {
  const base = await openFoundation(config, options, opened)
  const worker = await openWorker(base, opened)
  const gate = openGate(base, worker, opened)
  const evaluation = openEvaluation(base, gate, opened)
  const { database } = base
  const { queue } = worker
  const heartbeatLostMs = options.heartbeatLostMs ?? HEARTBEAT_LOST_MS
  const sources = { database, gate, evaluation, queue, heartbeatLostMs }
  await worker.start((effect) => perform(effect, sources))
  if (base.audit.watch.state() === 'ok') await enqueuePending(sources)
  const streams = openStreams(base, opened)
  await openNotices(base, { gate, streams }, opened)
  const { clock, audit, logger: log } = base
  const onCall = await openOnCall(config, { database, gate, log })
  opened.add(onCall, (each) => each.close())
  const { dataDir } = config
  const adminToken = await createAdminToken(gate, { dataDir, clock, watch: audit.watch })
  const signIn = { oidc: await openOidc(config), directory: await openDirectory(config) }
  const url = await openHttp(base, { gate, evaluation, streams, ...signIn }, opened)
  const firstLink = await openFirstLink(base, { gate, url })
  const { origin, verifierKey } = audit
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    closing ??= opened.close()
    return closing
  }
  const readSchedules = onCall.poll
  return { url, origin, verifierKey, adminToken, firstLink, readSchedules, close }
}

async function openFoundation(
  config: Config,
  options: ServerOptions,
  opened: Opened,
): Promise<Foundation> {
  if (config.mode === 'development' && !isLoopback(config.listen.host))
    throw new Fault('wrong_mode', 'development mode listens on loopback addresses only')
  const logger = options.logger ?? createLog({ level: config.logLevel })
  const keys = await loadKeys({ dataDir: config.dataDir, sources: config.keys })
  const database = opened.add(await openConfiguredDatabase(config, logger), (each) => each.close())
  const clock = options.clock ?? systemClock
  await agreedNow(database.kysely, clock)
  const audit = opened.add(await openAudit(config, { database, keys, logger }), (each) =>
    each.close(),
  )
  const { kysely } = database
  const metrics = createMetrics({
    changesByStatus: () => countChanges(kysely),
    logSize: () => logSize(kysely),
    readsOnly: () => audit.watch.state() !== 'ok',
  })
  return { config, options, clock, logger, database, keys, audit, metrics }
}

function openAudit(
  config: Config,
  parts: { readonly database: Database; readonly keys: Keys; readonly logger: Logger },
): Promise<AuditLog> {
  const { database, keys, logger: log } = parts
  const { mode } = config
  const host = config.publicUrl === null ? config.listen.host : new URL(config.publicUrl).host
  const guard = fileGuard(config.guardFile)
  return openLog({ database, keys, guard, mode, origin: originOf(host, mode), log })
}

async function openWorker(base: Foundation, opened: Opened): Promise<EffectWorker> {
  const { database, logger: log, metrics } = base
  return opened.add(await createWorker({ database, log, metrics }), (each) => each.close())
}

/** What the gate enqueues: the first look is due when a silent runner would be lost. */
function sooner(queue: EffectQueue, { heartbeatLostMs }: ServerOptions): EffectQueue {
  if (heartbeatLostMs === undefined) return queue
  const earlier = HEARTBEAT_LOST_MS - heartbeatLostMs
  const shift = (effect: Effect): Effect =>
    effect.type === 'watch_execution' ? { ...effect, at: effect.at - earlier } : effect
  return { enqueue: (tx, effects) => queue.enqueue(tx, effects.map(shift)) }
}

function openGate(base: Foundation, worker: EffectWorker, opened: Opened): Gate {
  const gate = createGate({
    database: base.database,
    watch: base.audit.watch,
    macKey: base.keys.mac,
    builtInPolicy: { revision: 0, document: BUILT_IN_POLICY_DIGEST },
    queue: sooner(worker.queue, base.options),
  })
  return opened.add(base.metrics.measured(gate), (each) => each.close())
}

function openEvaluation(base: Foundation, gate: Gate, opened: Opened): Evaluation {
  const settings = { ...EVALUATION_DEFAULTS, ...base.options.evaluation }
  const process = opened.add(startEvaluationProcess(settings), (each) => each.close())
  const { config, database, metrics } = base
  return createEvaluation({ mode: config.mode, database, gate, process, metrics })
}

function openStreams(base: Foundation, opened: Opened): StreamHub {
  const streams = createStreamHub((count) => base.metrics.streams.set(count))
  return opened.add(streams, async (each) => each.close())
}

/** What any replica committed: streams hear of changes, and the log is signed soon. */
async function openNotices(
  base: Foundation,
  to: { readonly gate: Gate; readonly streams: StreamHub },
  opened: Opened,
): Promise<void> {
  const { database, logger, audit } = base
  const soon = opened.add(signSoon(audit, logger), (each) => each.close())
  const stop = await database.listen('holdpoint', (payload) => {
    hear(payload, { ...to, soon }).catch((error: unknown) =>
      logger.warn({ err: error }, 'a notice could not be passed on'),
    )
  })
  opened.add(stop, (each) => each())
}

async function hear(
  payload: string,
  to: { readonly gate: Gate; readonly streams: StreamHub; readonly soon: SignSoon },
): Promise<void> {
  const [stream = '', seq = ''] = payload.split(' ')
  if (/^\d+$/.test(seq)) to.soon.grown(Number(seq))
  const change = parseChangeId(stream)
  if (change === null || to.streams.count() === 0) return
  const record = await to.gate.change(change)
  if (record !== null) await to.streams.publish(noticeOf(record))
}

async function openOidc({ oidc }: Config): Promise<Oidc | null> {
  if (oidc === null) return null
  return createOidc(oidc, await readSecret(oidc.clientSecret, 'oidc.clientSecret'))
}

const BEARER_CHARACTERS_MIN = 32

async function openDirectory({ scim }: Config): Promise<Services['directory']> {
  if (scim === null) return null
  const bearer = (await readSecret(scim.token, 'scim.token')).reveal()
  if (bearer.length < BEARER_CHARACTERS_MIN)
    throw new Fault('key_unusable', 'the bearer of scim.token has fewer than 32 characters')
  return { bearer: digestText(nodePrimitives, bearer), issuer: scim.issuer }
}

/** Development people prove nothing, so nobody has to be the first there. */
async function openFirstLink(
  base: Foundation,
  { gate, url }: { readonly gate: Gate; readonly url: string },
): Promise<FirstLink | null> {
  const { config, clock, audit, database } = base
  if (config.mode === 'development') return null
  const { origin } = relyingParty(config.publicUrl ?? url)
  const { dataDir } = config
  return offerFirstLink(gate, { dataDir, clock, watch: audit.watch, database, origin })
}

interface Parts extends Pick<Services, 'oidc' | 'directory'> {
  readonly gate: Gate
  readonly evaluation: Evaluation
  readonly streams: StreamHub
}

const PAGES = fileURLToPath(new URL('../../web/dist', import.meta.url))

async function openHttp(base: Foundation, parts: Parts, opened: Opened): Promise<string> {
  const { config, metrics, logger } = base
  const { publicUrl } = config
  let { listen } = config
  const baseUrl = (): string => publicUrl ?? urlOf(listen)
  const services = servicesOf(base, parts, baseUrl)
  const app = await createApp({
    handlers: createHandlers(services),
    authenticate: services.authenticate,
    knownAs: () => knownAs({ listen, publicUrl }),
    https: publicUrl?.startsWith('https:') === true,
    pages: PAGES,
    status: { version: base.options.version, metrics, notReady: () => notReady(base) },
    readsOnly: () => readsOnly(base),
    metrics,
    logger,
    doors: (scope) => registerDoors(scope, services),
  })
  // Streams never end by themselves, and closing waits for whoever is connected.
  app.addHook('preClose', async () => parts.streams.close())
  opened.add(prepareDrain(app), (each) => each.close())
  listen = { ...listen, port: await listenOn(app, listen) }
  return urlOf(listen)
}

function urlOf({ host, port }: Config['listen']): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function readsOnly({ audit }: Foundation): string | null {
  const state = audit.watch.state()
  return state === 'ok' ? null : state.readsOnly
}

async function notReady(base: Foundation): Promise<string | null> {
  const why = readsOnly(base)
  if (why !== null) return `reads only: ${why}`
  try {
    await logSize(base.database.kysely)
    return null
  } catch (error) {
    base.logger.warn({ err: error }, 'the database does not answer')
    return 'the database does not answer'
  }
}

function servicesOf(base: Foundation, parts: Parts, baseUrl: () => string): Services {
  const { config, clock, database, audit, metrics, keys, logger: log } = base
  const { kysely } = database
  const { mode } = config
  const { gate } = parts
  const issuer = createIssuer({ database, seal: keys.issuerSeal, clock, url: baseUrl })
  const { stsEndpoint, iamEndpoint } = config
  const providers = { stsEndpoint, iamEndpoint }
  const credentials = createCredentials({ database, gate, audit, issuer, config: providers })
  const authenticate = createAuthenticate({
    mode,
    baseUrl,
    access: () => gate.access(),
    readsOnly: () => readsOnly(base),
    now: () => clock.now(),
    findPerson: async (handle) =>
      (await loadNames(kysely, await gate.access())).findByHandle(handle),
    handles: async () => (await loadNames(kysely, await gate.access())).handles(),
    findSession: async (digest) => {
      const now = clock.now()
      const session = await findSession(kysely, digest, now)
      if (session !== null) await sawSession(kysely, session, now)
      return session
    },
  })
  return {
    mode,
    version: base.options.version,
    baseUrl,
    proxies: config.proxies,
    clock,
    log,
    database,
    audit,
    metrics,
    authenticate,
    planLines: createPlanLines(database),
    hidingKey: keys.hidingKey,
    issuer,
    credentials,
    providers,
    workloads: config.workloads,
    onCall: config.onCall,
    workloadKeys: createWorkloadKeys(),
    guard: { file: fileGuard(config.guardFile), dataDir: config.dataDir },
    ...parts,
  }
}
