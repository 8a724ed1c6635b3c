/** Change sets as DescribeChangeSet answers them: valid ones that take only what a test is about. */
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import type { Plan, ResourceChange } from '../src/plan.ts'
import { readPlan } from '../src/plans/registry.ts'

type Fields = Readonly<Record<string, unknown>>

const ARN = 'arn:aws:cloudformation:eu-central-1:123456789012'
export const SET_ID = `${ARN}:changeSet/release/1`
export const CHILD_ID = `${ARN}:changeSet/child/2`

/** A change of a bucket, described without property values. */
export function givenChange(fields: Fields = {}, entry: Fields = {}): Fields {
  const change = {
    Action: 'Modify',
    LogicalResourceId: 'Images',
    PhysicalResourceId: 'shop-images',
    ResourceType: 'AWS::S3::Bucket',
    Replacement: 'False',
    Scope: ['Properties'],
    Details: [givenDetail()],
    ...fields,
  }
  return { Type: 'Resource', ResourceChange: change, ...entry }
}

export function givenDetail(target: Fields = {}, fields: Fields = {}): Fields {
  const changed = { Attribute: 'Properties', Name: 'AccessControl', RequiresRecreation: 'Never' }
  return {
    Target: { ...changed, ...target },
    Evaluation: 'Static',
    ChangeSource: 'DirectModification',
    ...fields,
  }
}

/** The same change with property values: contexts are JSON in texts. */
export function givenValues(before: unknown, after: unknown, fields: Fields = {}): Fields {
  const text = (properties: unknown) => JSON.stringify({ Properties: properties })
  const contexts = { BeforeContext: text(before), AfterContext: text(after) }
  return givenChange({ ...contexts, ...fields })
}

export function givenChangeSet(changes: readonly unknown[], fields: Fields = {}): Fields {
  return {
    ChangeSetName: 'release',
    ChangeSetId: SET_ID,
    StackId: `${ARN}:stack/shop/3`,
    StackName: 'shop',
    CreationTime: '2026-09-01T10:00:00Z',
    ExecutionStatus: 'AVAILABLE',
    Status: 'CREATE_COMPLETE',
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: ['CAPABILITY_IAM'],
    IncludeNestedStacks: false,
    Changes: changes,
    ...fields,
  }
}

export function readChangeSet(document: Fields | readonly Fields[]) {
  return readPlan(new TextEncoder().encode(JSON.stringify(document)), nodePrimitives)
}

export function givenSetPlan(document: Fields | readonly Fields[]): Plan {
  const parsed = readChangeSet(document)
  if (!parsed.ok) throw new Error(parsed.refusal.message)
  return parsed.plan
}

/** The one resource of a change set with this change. */
export function givenResource(change: Fields): ResourceChange {
  const [resource] = givenSetPlan(givenChangeSet([change])).resources
  if (resource === undefined) throw new Error('the change set has no change')
  return resource
}
