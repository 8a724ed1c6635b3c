/**
 * A change set that another change of the stack made obsolete is made again, and this says what of
 * the new one is equal to the old. Both are compared as the service described them, on this machine
 * alone: values of parameters stand nowhere in what is told.
 */
import type { Change, DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation'
import type { Difference } from '@holdpoint/core'
import type { DescribedSet } from './described.ts'
import { settingsText, sha256 } from './facts.ts'
import type { Look } from './look.ts'

export interface MadeAgain {
  /** Parts that are equal, the ARN apart. */
  readonly same: readonly string[]
  readonly differences: readonly Difference[]
}

export function sameAndDifferent(earlier: Look, now: Look): MadeAgain {
  const before = partsOf(earlier)
  const after = partsOf(now)
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  const isSame = (name: string) => before.get(name) === after.get(name)
  const differences = names.filter((name) => !isSame(name))
  return {
    same: names.filter(isSame),
    differences: differences.map((name) => ({
      ...{ part: name, name: null },
      ...{ approved: before.get(name) ?? 'none', now: after.get(name) ?? 'none' },
    })),
  }
}

function partsOf({ described, stack }: Look): ReadonlyMap<string, string> {
  const parts = described.sets.flatMap((set): readonly [string, string][] => {
    const { path, fields, templates, changes } = set
    const named = (name: string) => (path === '' ? name : `${path}/${name}`)
    return [
      ...templates.map(({ stage, text }): [string, string] => [
        named(`template (${stage})`),
        sha256(text),
      ]),
      [named('parameters'), digest(fields.Parameters ?? [])],
      [named('tags'), digest(fields.Tags ?? [])],
      [named('settings'), sha256(settingsText(withoutArns(fields)))],
      [named('changes'), digest(changes.map(withoutArn))],
    ]
  })
  return new Map([...parts, ['service role', stack.role ?? 'none']])
}

/** Order says nothing, in which the service lists things. */
function digest(entries: readonly unknown[]): string {
  return sha256(JSON.stringify(entries.map((each) => JSON.stringify(each)).toSorted()))
}

function withoutArns(fields: DescribedSet['fields']): DescribeChangeSetOutput {
  const { ChangeSetId: _id, ChangeSetName: _name, ...rest } = fields
  const { ParentChangeSetId: _parent, RootChangeSetId: _root, ...kept } = rest
  return kept
}

function withoutArn(change: Change): Change {
  const { ResourceChange: resource } = change
  if (resource === undefined) return change
  const { ChangeSetId: _id, ...kept } = resource
  return { ...change, ResourceChange: kept }
}
