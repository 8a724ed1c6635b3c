/** Pulumi previews for tests, in both of their forms: valid ones that take only what matters. */
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import type { Plan, ResourceChange } from '../src/plan.ts'
import { readPlan } from '../src/plans/registry.ts'

type Fields = Readonly<Record<string, unknown>>

const STACK = 'urn:pulumi:dev::shop'
export const BUCKET_URN = `${STACK}::aws:s3/bucket:Bucket::images`
export const STACK_URN = `${STACK}::pulumi:pulumi:Stack::shop-dev`
export const PROVIDER = `${STACK}::pulumi:providers:aws::default_7_1_0::3c1a2b9e-7f10`
export const SECRET_OBJECT = {
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
}
export const UNKNOWN_TEXT = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'

export function givenState(inputs: Fields = {}, fields: Fields = {}): Fields {
  return {
    urn: BUCKET_URN,
    custom: true,
    type: 'aws:s3/bucket:Bucket',
    inputs,
    parent: STACK_URN,
    provider: PROVIDER,
    ...fields,
  }
}

/** A step of a digest: an update of a bucket. */
export function givenStep(fields: Fields = {}): Fields {
  return {
    op: 'update',
    urn: BUCKET_URN,
    provider: PROVIDER,
    oldState: givenState({ acl: 'private' }),
    newState: givenState({ acl: 'public-read' }),
    detailedDiff: { acl: { kind: 'update', inputDiff: true } },
    ...fields,
  }
}

export function givenDigest(steps: readonly Fields[], fields: Fields = {}): Fields {
  const changeSummary: Record<string, number> = {}
  for (const { op } of steps) {
    if (typeof op === 'string') changeSummary[op] = (changeSummary[op] ?? 0) + 1
  }
  return { steps, duration: 1_000_000, changeSummary, ...fields }
}

/** The same step as an event. */
export function givenPreEvent(fields: Fields = {}): Fields {
  const metadata = {
    op: 'update',
    urn: BUCKET_URN,
    type: 'aws:s3/bucket:Bucket',
    old: givenState({ acl: 'private' }),
    new: givenState({ acl: 'public-read' }),
    detailedDiff: { acl: { diffKind: 'update', inputDiff: true } },
    provider: PROVIDER,
    ...fields,
  }
  return { resourcePreEvent: { metadata, planning: true } }
}

/** The event that follows a step. */
export function givenResult(fields: Fields = {}): Fields {
  return { resOutputsEvent: givenPreEvent(fields)['resourcePreEvent'] }
}

export function givenSummaryEvent(fields: Fields = {}): Fields {
  const summary = { maybeCorrupt: false, durationSeconds: 1, resourceChanges: {}, isPreview: true }
  return { summaryEvent: { ...summary, result: 'succeeded', ...fields } }
}

/** One event a line, with the prelude before them and the summary after them. */
export function givenStream(events: readonly Fields[], end = [givenSummaryEvent()]): string {
  return [{ preludeEvent: { config: {} } }, ...events, ...end]
    .map(
      (event, sequence) => `${JSON.stringify({ sequence, timestamp: 1_700_000_000, ...event })}\n`,
    )
    .join('')
}

export function readPreview(document: Fields | string) {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  return readPlan(new TextEncoder().encode(text), nodePrimitives)
}

export function givenPreview(document: Fields | string): Plan {
  const parsed = readPreview(document)
  if (!parsed.ok) throw new Error(parsed.refusal.message)
  return parsed.plan
}

/** The one resource of a digest with these steps. */
export function givenResource(...steps: readonly Fields[]): ResourceChange {
  const [resource, ...others] = givenPreview(givenDigest(steps)).resources
  if (resource === undefined || others.length > 0) throw new Error('not one resource')
  return resource
}
