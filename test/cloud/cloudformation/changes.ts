/**
 * What a change set holds, computed from two templates by the little that this cloud knows of types:
 * a renamed thing is replaced, one whose `Mode` changes may be, and everything else is changed in
 * place.
 */
import type { Tree } from './answers.ts'

export interface Resource {
  readonly Type: string
  readonly Properties?: { readonly [name: string]: unknown }
  readonly DeletionPolicy?: string
}

export interface Template {
  readonly Parameters?: { readonly [name: string]: { readonly NoEcho?: boolean } }
  readonly Resources: { readonly [name: string]: Resource }
}

export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove'
  readonly id: string
  readonly type: string
  readonly replacement: 'True' | 'False' | 'Conditional' | null
  readonly policy: string | null
  readonly before: Resource | null
  readonly after: Resource | null
  /** The set of a nested stack. */
  readonly nested: string | null
}

export const NESTED = 'AWS::CloudFormation::Stack'

export function changesBetween(
  before: Template | null,
  after: Template,
): readonly ResourceChange[] {
  const old = before?.Resources ?? {}
  const ids = [...new Set([...Object.keys(old), ...Object.keys(after.Resources)])]
  return ids.flatMap((id) => {
    const change = changeOf(id, old[id] ?? null, after.Resources[id] ?? null)
    return change === null ? [] : [change]
  })
}

function changeOf(
  id: string,
  before: Resource | null,
  after: Resource | null,
): ResourceChange | null {
  const type = (after ?? before)?.Type ?? ''
  const base = { id, type, before, after, nested: null, replacement: null, policy: null }
  if (after === null) {
    const isKept = before?.DeletionPolicy === 'Retain'
    return { ...base, action: 'Remove', policy: isKept ? 'Retain' : 'Delete' }
  }
  if (before === null) return { ...base, action: 'Add' }
  if (type !== NESTED && JSON.stringify(before) === JSON.stringify(after)) return null
  return { ...base, action: 'Modify', replacement: replacementOf(before, after) }
}

function replacementOf(before: Resource, after: Resource): ResourceChange['replacement'] {
  const differs = (name: string) =>
    JSON.stringify(before.Properties?.[name]) !== JSON.stringify(after.Properties?.[name])
  if (differs('Name')) return 'True'
  return differs('Mode') ? 'Conditional' : 'False'
}

export function changeTree(
  change: ResourceChange,
  options: { readonly withValues: boolean },
): Tree {
  const { before, after, action, id, type, replacement, policy, nested } = change
  const context = (resource: Resource | null) =>
    options.withValues && resource !== null
      ? JSON.stringify({ Properties: masked(resource.Properties ?? {}) })
      : undefined
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action,
      LogicalResourceId: id,
      PhysicalResourceId: before === null ? undefined : `physical-${id}`,
      ResourceType: type,
      Replacement: replacement ?? undefined,
      PolicyAction: policy ?? undefined,
      Scope: action === 'Modify' ? ['Properties'] : [],
      Details: [],
      ChangeSetId: nested ?? undefined,
      BeforeContext: context(before),
      AfterContext: context(after),
    },
  }
}

function masked(properties: { readonly [name: string]: unknown }) {
  const entries = Object.entries(properties)
  return Object.fromEntries(entries.filter(([name]) => name !== 'LeftOutWithValues'))
}

/** The service leaves such a resource out when it is asked for values, and says so in words only. */
export function isLeftOut({ after }: ResourceChange): boolean {
  return after?.Properties?.['LeftOutWithValues'] === true
}
