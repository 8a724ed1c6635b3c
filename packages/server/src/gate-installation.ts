/**
 * Access and policy as the log tells them, folded from believed entries and kept between batches.
 * The head only says whether there is more to fold; it is never believed about what is in force.
 */
import {
  type Access,
  evolveAccess,
  evolvePolicy,
  isAccessEvent,
  NO_ACCESS,
  type PolicyRevision,
} from '@holdpoint/core'
import type { MacKey } from './log/mac.ts'
import { believedEntry, Tampered } from './log/stored-entry.ts'
import { entriesOfStreams, type Head } from './store/entries.ts'
import type { Tx } from './store/tables.ts'

export interface Installation {
  /** Sequence of the newest entry in `access`, -1 before the first. */
  readonly accessSeq: number
  readonly access: Access
  readonly policy: PolicyRevision
}

export interface InstallationSources {
  readonly macKey: MacKey
  /** Revision 0. */
  readonly builtInPolicy: PolicyRevision
}

/**
 * `known` must have been taken before `head` was read: the head may only be ahead of it. Entries that
 * were committed after `head` was read are left for the next time.
 */
export async function loadInstallation(
  tx: Tx,
  found: { readonly known: Installation | null; readonly head: Head },
  sources: InstallationSources,
): Promise<Installation> {
  const { head } = found
  const known = found.known ?? {
    accessSeq: -1,
    access: NO_ACCESS,
    policy: sources.builtInPolicy,
  }
  if (found.known !== null && isCurrent(known, head)) return known
  const { access, accessSeq } = await foldAccess(tx, { known, before: head.size }, sources.macKey)
  const policy = await foldPolicy(tx, head.size, sources)
  const next = { accessSeq, access, policy }
  if (!isCurrent(next, head))
    throw new Tampered('the head says another access or policy than the entries do')
  return next
}

function isCurrent(known: Installation, head: Head): boolean {
  const { revision, document } = known.policy
  const isSamePolicy =
    revision === head.policyRevision && (revision === 0 || document === head.policyDocument)
  return known.accessSeq === head.accessSeq && isSamePolicy
}

async function foldAccess(
  tx: Tx,
  from: { readonly known: Installation; readonly before: number },
  macKey: MacKey,
) {
  let { access, accessSeq } = from.known
  const within = { after: accessSeq, before: from.before }
  for (const row of await entriesOfStreams(tx, ['access'], within)) {
    const entry = believedEntry(row, macKey)
    if (!isAccessEvent(entry.event)) throw new Tampered(`entry ${row.seq} is not about access`)
    access = evolveAccess(access, entry.event, entry.at)
    accessSeq = entry.seq
  }
  return { access, accessSeq }
}

async function foldPolicy(
  tx: Tx,
  before: number,
  sources: InstallationSources,
): Promise<PolicyRevision> {
  let policy = sources.builtInPolicy
  for (const row of await entriesOfStreams(tx, ['policy'], { after: -1, before })) {
    const { event } = believedEntry(row, sources.macKey)
    const next = event.type === 'policy_pushed' ? evolvePolicy(policy, event) : null
    if (next === null) throw new Tampered(`entry ${row.seq} does not continue the policy`)
    policy = next
  }
  return policy
}
