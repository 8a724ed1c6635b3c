/**
 * What a Pulumi update is bound to, besides its plan: the saved plan's bytes, the checkpoint it
 * starts from (which the tool itself does not bind), every file of the project, the environment, and
 * where the stack is kept. Computed when planned and once more right before the update.
 */
import { join } from 'node:path'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Digest,
  digestText,
  type Hide,
  type SourceFile,
  type SourceManifest,
  type Target,
  type WorkspaceId,
} from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import type { Ended } from '../../io/spawn.ts'
import { bind, type Facts } from '../facts.ts'
import type { RedactText } from '../output-redaction.ts'
import type { PlanFile } from '../plan-file.ts'
import { collectSource } from '../terraform/source.ts'
import { ToolFailed } from '../tool.ts'
import { callPulumi, QUESTION } from './call.ts'
import { pulumiEnvironment } from './environment.ts'
import type { PulumiJob } from './job.ts'

/** What the world is now, in clear but for digests. */
export interface Now {
  readonly artifact: Digest
  readonly files: readonly SourceFile[]
  readonly target: Target
  readonly environment: { readonly [name: string]: string }
}

export async function lookAround(
  job: PulumiJob,
  planFile: PlanFile,
  { redact, granted }: Omit<Asked, 'job'>,
): Promise<Now> {
  const artifact = await planFile.digest()
  const asked = { job, redact, granted }
  const checkpoint = await ask(asked, ['stack', 'export'], 'read the checkpoint')
  const who = parse(await ask(asked, ['whoami', '--json'], 'say where the stack is kept'))
  const mark = (path: string, sha256: Digest) => ({ path, executable: false, sha256 })
  const bound = [mark('plan:saved', artifact), mark('plan:checkpoint', digestOf(checkpoint))]
  const source = await sourceOf(job, bound)
  const { inputs } = pulumiEnvironment(job.readEnvironment())
  const target = targetOf(job, { url: textAt(who, 'url'), user: textAt(who, 'user') })
  return { artifact, files: source.files, target, environment: inputs }
}

/** The project's files as they are now; nobody is asked for them. */
export async function sourceOf(
  job: PulumiJob,
  planFiles: readonly SourceFile[],
): Promise<SourceManifest> {
  const own = join(job.folder, '.pulumi')
  const where = { rootModule: job.folder, dataFolder: own, excluded: [own], planFiles }
  return (await collectSource(where)).manifest
}

export interface Asked {
  readonly job: PulumiJob
  readonly redact: RedactText
  /** The state may lie in a cloud: what reads it is the grant's too. */
  readonly granted: Environment | null
}

async function ask(asked: Asked, args: readonly string[], step: string): Promise<string> {
  const { job, redact, granted } = asked
  const ended: Ended = await callPulumi(job, { ...QUESTION, args, granted }).ended
  if (ended.exitCode !== 0) throw new ToolFailed(step, ended, redact)
  return ended.stdout.toString('utf8')
}

function targetOf(
  job: PulumiJob,
  { url, user }: { readonly url: string; readonly user: string },
): Target {
  return {
    backend: { type: 'pulumi', settings: { url, stack: job.stack } },
    toolWorkspace: job.stack,
    lineage: null,
    providers: [],
    principals: [{ provider: 'pulumi', account: user }],
  }
}

export interface Under {
  readonly hide: Hide
  readonly workspace: WorkspaceId
  readonly planDigest: Digest
}

export function factsOf(job: PulumiJob, now: Now, { hide, workspace, planDigest }: Under): Facts {
  const inputs = Object.entries(now.environment).map(([name, value]) => {
    const address = `input environment ${name}`
    const { token } = hide({ address, path: '', value, by: 'tool' })
    return { kind: 'environment', name, token } as const
  })
  const facts = {
    tool: 'pulumi',
    target: now.target,
    source: { v: 1, files: now.files },
    inputs: { v: 1, inputs },
    flags: job.arguments,
  } as const
  const bound = { workspace, artifact: now.artifact, plan: planDigest }
  return { ...facts, warnings: [], binding: bind(bound, facts) }
}

function digestOf(text: string): Digest {
  return digestText(nodePrimitives, text)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** `unknown` where it is not said: that is a place of its own, and never matches a known one. */
function textAt(document: unknown, key: string): string {
  if (typeof document !== 'object' || document === null) return 'unknown'
  const value: unknown = Reflect.get(document, key)
  return typeof value === 'string' && value !== '' ? value : 'unknown'
}
