/**
 * A change set as the service describes it, whole: every page, with property values and without,
 * because the description with values can leave resources out; every nested set; both forms of every
 * template. What cannot be read whole is a fault, never a smaller change set.
 */
import type { Change, DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation'
import { Fault } from '../../io/fault.ts'
import type { Service, SetName } from './service.ts'

export interface Described {
  readonly name: DescribedSet['name']
  readonly stackName: string
  /** The root set first. */
  readonly sets: readonly DescribedSet[]
  /** Every answer, in the order in which the reader of plans takes them. */
  readonly answers: readonly object[]
}

export interface DescribedSet {
  /** Logical ids from the root's stack down, empty for the root. */
  readonly path: string
  readonly name: { readonly changeSet: string; readonly stack: string }
  /** The first page, without what differs between two askings. */
  readonly fields: DescribeChangeSetOutput
  readonly changes: readonly Change[]
  readonly templates: readonly Template[]
}

export interface Template {
  readonly stage: 'original' | 'processed'
  readonly text: string
}

const SETS_MAX = 500
const PAGES_MAX = 1_000

export async function describeWhole(service: Service, name: SetName): Promise<Described> {
  const sets: DescribedSet[] = []
  const answers: object[] = []
  const waiting: { readonly path: string; readonly name: SetName }[] = [{ path: '', name }]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (sets.length >= SETS_MAX) throw unreadable(`more than ${SETS_MAX} nested change sets`)
    const { set, pages } = await describeOne(service, next)
    sets.push(set)
    answers.push(...pages)
    waiting.push(...nestedOf(set))
  }
  const [root] = sets
  if (root === undefined) throw unreadable('no change set')
  return { name: root.name, stackName: root.fields.StackName ?? '', sets, answers }
}

async function describeOne(
  service: Service,
  { path, name }: { readonly path: string; readonly name: SetName },
): Promise<{ readonly set: DescribedSet; readonly pages: readonly object[] }> {
  const valued = await pagesOf(service, name, true)
  const plain = await pagesOf(service, name, false)
  const pages = [...valued, ...plain]
  const fields = valued[0] ?? {}
  const { ChangeSetId: changeSet, StackId: stack } = fields
  if (changeSet === undefined || stack === undefined) throw unreadable('a change set without ARN')
  const known = { changeSet, stack }
  const changes = pages.flatMap((page) => page.Changes ?? [])
  const templates = await templatesOf(service, known)
  return { set: { path, name: known, fields, changes, templates }, pages }
}

type Answer = Omit<DescribeChangeSetOutput, '$metadata'>

async function pagesOf(
  service: Service,
  name: SetName,
  withValues: boolean,
): Promise<readonly Answer[]> {
  const pages: Answer[] = []
  let token: string | null = null
  do {
    if (pages.length >= PAGES_MAX) throw unreadable(`more than ${PAGES_MAX} pages`)
    const page: DescribeChangeSetOutput = await service.describe(name, { withValues, token })
    pages.push(withoutMetadata(page))
    token = page.NextToken ?? null
  } while (token !== null)
  return pages
}

function withoutMetadata(page: DescribeChangeSetOutput): Answer {
  return Object.fromEntries(Object.entries(page).filter(([key]) => key !== '$metadata'))
}

/** Each once, also where only one of the two descriptions names it. */
function nestedOf({ path, changes }: DescribedSet) {
  const nested = new Map<string, string>()
  for (const { ResourceChange: change } of changes) {
    const { ChangeSetId: arn, LogicalResourceId: id = '' } = change ?? {}
    if (arn !== undefined) nested.set(arn, path === '' ? id : `${path}/${id}`)
  }
  return [...nested].map(([changeSet, inner]) => ({
    path: inner,
    name: { changeSet, stack: null },
  }))
}

/** A macro can make anything of a template, so both forms count; the original must be there. */
async function templatesOf(
  service: Service,
  name: DescribedSet['name'],
): Promise<readonly Template[]> {
  const original = await service.template(name, 'Original')
  if (original === null) throw unreadable('a change set without its template')
  const processed = await service.template(name, 'Processed')
  const templates: Template[] = [{ stage: 'original', text: original }]
  if (processed !== null) templates.push({ stage: 'processed', text: processed })
  return templates
}

function unreadable(what: string): Fault {
  return new Fault('plan_unreadable', `The change set cannot be read whole: there are ${what}`)
}
