/** What the handlers work with. compose.ts makes it once; nothing here is made anywhere else. */
import type { ChangeId, Digest, WorkspaceId } from '@holdpoint/core'
import type { Config } from './config.ts'
import type { ProviderConfig } from './credentials/provider.ts'
import type { Credentials } from './credentials.ts'
import type { Evaluation } from './evaluation.ts'
import type { Authenticate } from './http/auth.ts'
import type { StreamHub } from './http/stream.ts'
import type { Oidc } from './identity/oidc.ts'
import type { WorkloadKeys } from './identity/workload-keys.ts'
import type { Log } from './io/log.ts'
import type { Issuer } from './issuer/issuer.ts'
import type { Guard } from './log/guard.ts'
import type { Metrics } from './metrics.ts'
import type { PlanLines } from './plan-lines.ts'
import type { AuditLog, Clock, Gate } from './ports.ts'
import type { Database } from './store/db.ts'

export interface Services {
  readonly mode: 'production' | 'development'
  readonly version: string
  /** Where people find the page, without a trailing slash. */
  readonly baseUrl: () => string
  /** How many proxies of ours stand in front. */
  readonly proxies: number
  readonly clock: Clock
  readonly log: Log
  readonly database: Database
  readonly gate: Gate
  readonly audit: AuditLog
  readonly evaluation: Evaluation
  readonly streams: StreamHub
  readonly metrics: Metrics
  readonly planLines: PlanLines
  /** 32 bytes for the hidden values of one change: answered once, never logged or stored. */
  readonly hidingKey: (workspace: WorkspaceId, change: ChangeId) => Uint8Array
  readonly authenticate: Authenticate
  /** What clouds are told to trust. */
  readonly issuer: Issuer
  readonly credentials: Credentials
  readonly providers: ProviderConfig
  /** The identity provider that people sign in with; `null` where none is set up. */
  readonly oidc: Oidc | null
  /** Who names people and groups: its bearer by digest, and whose subjects they are. */
  readonly directory: { readonly bearer: Digest; readonly issuer: string } | null
  /** Pipelines that may prove themselves. */
  readonly workloads: Config['workloads']
  readonly workloadKeys: WorkloadKeys
  /** The last signed head outside the database, and the folder of the data that it guards. */
  readonly guard: { readonly file: Guard; readonly dataDir: string }
  /** Schedules that are read, with whom they may name. */
  readonly onCall: Config['onCall']
}
