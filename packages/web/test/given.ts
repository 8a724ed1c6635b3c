/** Valid views and plans for tests and the preview: each takes only what the test is about. */

import {
  type Digest,
  type Plan,
  parseChangeId,
  parseDigest,
  parsePersonId,
  parseWorkspaceId,
  type ResourceChange,
} from '@holdpoint/core'
import { givenPlan } from '../../../test/fixtures/plan-given.ts'
import type { ChangeView, TimelineEntry } from '../src/model/wire.ts'

/** Nobody is listed unless a test is about it. */
const NOT_YOURS = {
  title: 'Not permitted',
  detail: 'You may not do this here.',
  remedy: 'Ask somebody who may.',
}

/** May decide, and nothing else. */
const YOURS = {
  approve: null,
  reject: null,
  breakGlass: NOT_YOURS,
  reviewGlass: NOT_YOURS,
  resolve: NOT_YOURS,
  revoke: NOT_YOURS,
}

export const NOW = Date.UTC(2026, 10, 25, 2, 36)
export const WHEN = { now: NOW, zone: 'UTC' } as const
const MINUTE = 60_000

export const ids = {
  change: parseChangeId('chg_0000000000000001') as NonNullable<ReturnType<typeof parseChangeId>>,
  workspace: parseWorkspaceId('wsp_0000000000000001') as NonNullable<
    ReturnType<typeof parseWorkspaceId>
  >,
  mira: parsePersonId('per_00000000000mira0') as NonNullable<ReturnType<typeof parsePersonId>>,
  jonas: parsePersonId('per_0000000000jonas0') as NonNullable<ReturnType<typeof parsePersonId>>,
  ines: parsePersonId('per_00000000000ines0') as NonNullable<ReturnType<typeof parsePersonId>>,
}

export function digest(fill: string): Digest {
  const parsed = parseDigest(fill.repeat(64))
  if (parsed === null) throw new Error('a digest is hex')
  return parsed
}

export const MIRA = { kind: 'person', id: ids.mira, name: 'Mira Kovač' } as const
export const JONAS = { kind: 'person', id: ids.jonas, name: 'Jonas Weber' } as const
const SYSTEM = { kind: 'system', id: null, name: null } as const

const EVALUATION = {
  verdict: 'hold',
  allowedBy: null,
  requirement: {
    slots: [
      { from: ['team:dba'], count: 1 },
      { from: ['team:platform'], count: 1 },
    ],
    assurance: 'development',
    expiresSeconds: 14_400,
  },
  policyRevision: 3,
  evaluatedAt: NOW - 22 * MINUTE,
  scope: null,
} as const

const SLOTS = [
  {
    slot: { from: ['team:dba'], count: 1 },
    filledBy: [
      {
        person: ids.jonas,
        name: 'Jonas Weber',
        at: NOW - 7 * MINUTE,
        assurance: 'development',
      },
    ],
    candidates: [],
    nextTurnAt: null,
  },
  {
    slot: { from: ['team:platform'], count: 1 },
    filledBy: [],
    candidates: [
      { person: ids.ines, name: 'Ines Duarte', you: true, onCallUntil: null, for: null },
      { person: ids.mira, name: 'Tomás Silva', you: false, onCallUntil: null, for: null },
    ],
    nextTurnAt: null,
  },
] as const

const BINDING = {
  fingerprint: digest('a'),
  artifact: digest('b'),
  plan: digest('c'),
  source: digest('d'),
  inputs: digest('e'),
}

/** Held for dba (filled by Jonas) and platform (which Ines, the reader, can fill). */
export function givenChange(edit: Partial<ChangeView> = {}): ChangeView {
  return {
    id: ids.change,
    workspace: { id: ids.workspace, name: 'payments/prod' },
    tool: 'terraform',
    door: 'apply',
    status: 'held',
    headline: 'Deletes a database',
    summary: { delete: 1, replace: 1, update: 3 },
    requester: MIRA,
    agent: false,
    agentName: null,
    openedAt: NOW - 22 * MINUTE,
    dueAt: NOW + 218 * MINUTE,
    verdict: 'hold',
    rules: ['stateful-destroy'],
    slotsFilled: 1,
    slotsTotal: 2,
    glass: null,
    needsYou: true,
    remindedAt: null,
    yours: false,
    binding: BINDING,
    flags: [],
    target: {
      backend: { type: 's3', settings: { bucket: 'state' } },
      toolWorkspace: 'default',
      lineage: null,
      providers: [{ key: 'aws', type: 'aws', alias: null, region: 'eu-central-1', endpoints: {} }],
      principals: [{ provider: 'aws', account: '402177351180' }],
    },
    bindsTarget: false,
    sameStateAs: [],
    runner: { trust: 'self_reported', waiting: true },
    words: null,
    pipeline: 'GitHub Actions',
    evaluation: EVALUATION,
    findings: [
      {
        rule: 'stateful-destroy',
        outcome: 'hold',
        message: 'Destroys stored data',
        resources: ['module.reporting.aws_db_instance.reporting'],
        error: null,
      },
    ],
    slots: SLOTS,
    missing: [{ from: ['team:platform'], count: 1 }],
    decisions: [],
    releasedUntil: null,
    execution: null,
    outcome: null,
    resolution: null,
    supersededBy: null,
    unresolvedBefore: null,
    timeline: [entry({ seq: 10, type: 'change_opened' })],
    you: YOURS,
    lastForRelease: true,
    url: 'http://127.0.0.1/c/chg_0000000000000001',
    ...edit,
  }
}

export function entry(edit: Partial<TimelineEntry>): TimelineEntry {
  const byPeople = (edit.type ?? 'change_opened') === 'change_opened'
  return {
    seq: 10,
    at: NOW - 22 * MINUTE,
    actor: byPeople ? MIRA : SYSTEM,
    type: 'change_opened',
    event: { type: edit.type ?? 'change_opened' },
    ...edit,
  }
}

type Given = Pick<ResourceChange, 'address' | 'type'> & Partial<ResourceChange>

const ACTIONS: { readonly [action: string]: readonly string[] } = {
  create: ['create'],
  update: ['update'],
  delete: ['delete'],
  replace: ['create', 'delete'],
}

export function resource(given: Given): ResourceChange {
  const parts = given.address.split('.')
  const isModule = parts[0] === 'module'
  const action = given.action ?? 'update'
  return {
    action,
    before: null,
    after: null,
    deposed: null,
    previousAddress: null,
    module: isModule ? parts.slice(0, 2).join('.') : '',
    mode: 'managed',
    name: parts.at(-1) ?? '',
    provider: 'registry.terraform.io/hashicorp/aws',
    actions: ACTIONS[action] ?? [],
    reason: null,
    beforeSensitive: false,
    afterSensitive: {},
    afterUnknown: {},
    replacePaths: [],
    importing: null,
    extra: {},
    ...given,
  }
}

export function planOf(resources: readonly ResourceChange[], edit: Partial<Plan> = {}): Plan {
  return givenPlan({ resources, ...edit })
}
