/**
 * What kept stored data from being lost and no longer does after a change: protection against
 * deletion, backups, versions, a lock. An update that takes it away destroys nothing yet, and is the
 * step before it. What is hidden or undecided is `unclear`; a guard that was never on says nothing.
 */
import {
  type Attributes,
  amountOf,
  isOpaque,
  isSet,
  namesOf,
  onlyBlock,
  readerOf,
} from './attribute-reader.ts'
import { plain } from './phrase.ts'
import type { ResourceChange } from './plan.ts'
import type { Comparison } from './policy-document.ts'
import { typeKey } from './type-names.ts'
import { field, isMap, type Value } from './value.ts'

type Found = Exclude<Comparison, { readonly kind: 'same' }>

/** Sentences of our own words, none for most changes. */
export function protectionLost(change: ResourceChange): readonly Found[] {
  const { action, before, after } = change
  if (action === 'delete' || action === 'replace') {
    const gone = GOES_WITH.filter(([pattern]) => pattern.test(typeKey(change.type)))
    const taken = gone.filter(([, guards]) => guards(sideOf(before)))
    if (taken.length > 0) return taken.map(([, , words]) => wider(words))
  }
  if (action === 'delete' || !isMap(before) || !isMap(after)) return []
  const [old, next] = [sideOf(before), sideOf(after)]
  const found = GUARDS.flatMap((guard) => lost(guard, old, next))
  const { extra } = change
  const isFreed = extra['old.protect'] === true && extra['new.protect'] !== true
  return isFreed ? [...found, wider('The tool no longer protects it from deletion')] : found
}

function wider(words: string): Found {
  return { kind: 'wider', says: plain(words) }
}

interface Guard {
  readonly names: readonly string[]
  /** Null where the value does not say it. */
  readonly guards: (value: Value | undefined) => boolean | null
  readonly lost: string
  /** For what cannot be compared. */
  readonly noun: string
}

const isOff = (value: Value | undefined): boolean | null => {
  const on = isSet(value)
  return on === null ? null : !on
}

const GUARDS: readonly Guard[] = [
  {
    names: ['deletionprotection', 'deletionprotectionenabled', 'enabledeletionprotection'],
    guards: (value) => (value === 'PROTECTED' ? true : isSet(value)),
    lost: 'Deletion protection is switched off',
    noun: 'deletion protection',
  },
  {
    names: ['purgeprotectionenabled', 'enablepurgeprotection'],
    guards: isSet,
    lost: 'Purge protection is switched off',
    noun: 'purge protection',
  },
  {
    names: ['softdeleteenabled', 'enablesoftdelete', 'softdelete'],
    guards: isSet,
    lost: 'Soft delete is switched off',
    noun: 'soft delete',
  },
  {
    names: [
      ...['backupretentionperiod', 'automatedsnapshotretentionperiod', 'snapshotretentionlimit'],
      ...['backupretentiondays'],
    ],
    guards: (value) => {
      const days = amountOf(value)
      return days === null ? null : days > 0
    },
    lost: 'Automated backups are switched off',
    noun: 'automated backups',
  },
  {
    names: ['backupconfiguration'],
    guards: isSet,
    lost: 'Automated backups are switched off',
    noun: 'automated backups',
  },
  {
    names: [
      ...['pointintimerecovery', 'pointintimerecoveryenabled', 'pointintimerecoveryspecification'],
    ],
    guards: isSet,
    lost: 'Point-in-time recovery is switched off',
    noun: 'point-in-time recovery',
  },
  {
    names: ['versioning', 'versioningconfiguration'],
    guards: isSet,
    lost: 'Versioning is suspended',
    noun: 'versioning',
  },
  {
    names: ['skipfinalsnapshot', 'skipfinalbackup'],
    guards: isOff,
    lost: 'No final snapshot will be taken any more',
    noun: 'the final snapshot',
  },
  {
    names: ['deleteautomatedbackups'],
    guards: isOff,
    lost: 'Its backups will be deleted with it',
    noun: 'keeping its backups',
  },
  {
    names: ['forcedestroy', 'forcedelete', 'emptyondelete', 'deletecontentsondestroy'],
    guards: isOff,
    lost: 'It can be deleted with its contents',
    noun: 'keeping its contents',
  },
]

function lost(guard: Guard, old: Attributes, next: Attributes): readonly Found[] {
  const [was, is] = [old(...guard.names), next(...guard.names)]
  if (isOpaque(was) || isOpaque(is)) {
    const isTold = isOpaque(was) || guard.guards(was) === true
    if (!isTold || guard.guards(is) === true) return []
    return [{ kind: 'unclear', says: plain(`Whether ${guard.noun} stays on cannot be compared`) }]
  }
  if (guard.guards(was) !== true || guard.guards(is) === true) return []
  return [wider(guard.lost)]
}

type GoesWith = readonly [RegExp, (read: Attributes) => boolean, string]

/** Resources that are a guard of another one. */
const GOES_WITH: readonly GoesWith[] = [
  [
    /^azure:(?:\w*managementlock\w*)$|^google:resourcemanagerlien$/,
    () => true,
    'Takes away a lock against deletion',
  ],
  [
    /^aws:s3bucketversioning$/,
    (read) => isSet(read('versioningconfiguration')) === true,
    'Versioning is suspended',
  ],
]

const nameOf = namesOf(
  new Set([...GUARDS.flatMap((guard) => guard.names), 'settings', 'versioningconfiguration']),
)

/** With the blocks in which Google writes some of them. */
function sideOf(side: Value): Attributes {
  const own = readerOf([side, field(side, 'Properties')], nameOf)
  const settings = own('settings')
  if (settings === undefined) return withBackups(own)
  const inside = readerOf([onlyBlock(settings)], nameOf)
  return withBackups((...names) => own(...names) ?? inside(...names))
}

function withBackups(read: Attributes): Attributes {
  const backups = read('backupconfiguration')
  if (backups === undefined) return read
  const inside = readerOf([onlyBlock(backups)], nameOf)
  return (...names) => read(...names) ?? inside(...names)
}
