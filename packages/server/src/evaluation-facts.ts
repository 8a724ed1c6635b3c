/**
 * The facts that rules read beside the plan: what the log and the access commands say, never what
 * a runner says of itself. A person's name is not among them: the facts are kept as evidence.
 */
import type { Access, Change, PolicyFacts } from '@holdpoint/core'
import { z } from 'zod'

const Manifest = z.object({ files: z.array(z.object({ path: z.string() })) })

export interface FactSources {
  readonly access: Access
  /** The source manifest's bytes, `null` when it is gone. */
  readonly source: Uint8Array | null
  /** Whether anything was ever applied in the workspace through Holdpoint. */
  readonly appliedBefore: boolean
}

export function factsOf(change: Change, sources: FactSources): PolicyFacts {
  const { access } = sources
  const workspace = access.workspaces.get(change.workspace)
  return {
    workspace: {
      id: change.workspace,
      name: workspace?.name ?? null,
      labels: workspace?.labels ?? null,
      firstChange: !sources.appliedBefore,
    },
    source: { ...sourceFacts(sources.source), repository: null, ref: null, commit: null },
    requester: requesterFacts(change, access),
    runner: { trust: change.runner.trust },
  }
}

function sourceFacts(bytes: Uint8Array | null): {
  readonly lock: boolean | null
  readonly fileCount: number | null
} {
  if (bytes === null) return { lock: null, fileCount: null }
  const read = Manifest.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
  if (!read.success) return { lock: null, fileCount: null }
  const { files } = read.data
  const lock = files.some((file) => /(^|[/:])\.terraform\.lock\.hcl$/.test(file.path))
  return { lock, fileCount: files.length }
}

function requesterFacts(change: Change, access: Access): PolicyFacts['requester'] {
  const { kind, id, humanVerified: human } = change.requester
  const token = [...access.tokens.values()].find((each) => each.id === id)
  const teams = [...access.teams]
    .filter(([, members]) => members.some((member) => member.person === id))
    .map(([name]) => name)
  return { kind, id, name: token?.name ?? null, teams, human }
}
