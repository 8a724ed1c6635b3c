import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BUCKET_URN,
  givenDigest,
  givenPreview,
  givenResource,
  givenState,
  givenStep,
  PROVIDER,
  readPreview,
  STACK_URN,
} from '../../test/pulumi-given.ts'
import { summarise } from '../plan.ts'
import { NumberText, UNKNOWN } from '../value.ts'
import { RESOURCE_CHANGES_MAX } from './limits.ts'

function refusal(message: string) {
  return { ok: false, refusal: { message } }
}

test('a digest is read whole', () => {
  const config = { 'aws:region': 'eu-central-1', 'shop:token': '[secret]' }
  const plan = givenPreview(givenDigest([givenStep()], { config }))

  assert.deepEqual(
    [plan.tool, plan.errored, plan.complete, plan.applyable, plan.unknownFields, plan.warnings],
    ['pulumi', false, true, true, [], []],
  )
  assert.deepEqual(
    plan.variables.map(({ name, sensitive }) => [name, sensitive]),
    [
      ['aws:region', false],
      ['shop:token', true],
    ],
  )
  assert.deepEqual(plan.resources, [
    {
      address: BUCKET_URN,
      deposed: null,
      previousAddress: null,
      module: '',
      mode: 'managed',
      type: 'aws:s3/bucket:Bucket',
      name: 'images',
      provider: PROVIDER,
      action: 'update',
      actions: ['update'],
      reason: null,
      before: { acl: 'private' },
      after: { acl: 'public-read' },
      beforeSensitive: null,
      afterSensitive: null,
      afterUnknown: null,
      replacePaths: [],
      importing: null,
      extra: {
        detailedDiff: { acl: { kind: 'update', inputDiff: true } },
        'old.custom': true,
        'old.parent': STACK_URN,
        'old.provider': PROVIDER,
        'new.custom': true,
        'new.parent': STACK_URN,
        'new.provider': PROVIDER,
      },
    },
  ])
})

test('each operation counts as one action, and what is not known as unknown', () => {
  const table: readonly (readonly [readonly unknown[], string])[] = [
    [['same'], 'noop'],
    [['refresh'], 'noop'],
    [['discard'], 'noop'],
    [['remove-pending-replace'], 'noop'],
    [['create'], 'create'],
    [['update'], 'update'],
    [['delete'], 'delete'],
    [['read'], 'read'],
    [['import'], 'import'],
    [['replace'], 'replace'],
    [['create-replacement'], 'replace'],
    [['delete-replaced'], 'replace'],
    [['read-replacement'], 'replace'],
    [['discard-replaced'], 'replace'],
    [['import-replacement'], 'replace'],
    [['create-replacement', 'replace', 'delete-replaced'], 'replace'],
    [['import', 'delete-replaced', 'replace', 'create-replacement'], 'replace'],
    [['refresh', 'update'], 'update'],
    [['refresh', 'create'], 'create'],
    [['refresh', 'same'], 'noop'],
    [['same', 'delete'], 'delete'],
    [['import', 'update'], 'update'],
    [['delete', 'create'], 'replace'],
    [['same', 'teleport'], 'unknown'],
    [['replace', 'teleport'], 'unknown'],
    [['Same'], 'unknown'],
    [[''], 'unknown'],
    [[null], 'unknown'],
    [[undefined], 'unknown'],
    [[['same']], 'unknown'],
  ]
  for (const [ops, action] of table) {
    const resource = givenResource(...ops.map((op) => givenStep({ op })))
    assert.equal(resource.action, action, JSON.stringify(ops))
  }
})

test('the steps of one replacement are one entry with both sides', () => {
  const old = givenState({ name: 'a' })
  const fresh = givenState({ name: 'b' })
  const resource = givenResource(
    givenStep({ op: 'delete-replaced', oldState: old, newState: null }),
    givenStep({
      op: 'replace',
      oldState: null,
      newState: fresh,
      replaceReasons: ['name'],
      detailedDiff: { 'tags["a.b"][0].c': { kind: 'update-replace' }, acl: { kind: 'update' } },
    }),
    givenStep({ op: 'create-replacement', oldState: null, newState: givenState({ name: 'c' }) }),
  )

  assert.deepEqual([resource.before, resource.after], [{ name: 'a' }, { name: 'b' }])
  assert.deepEqual(resource.actions, ['delete-replaced', 'replace', 'create-replacement'])
  assert.deepEqual(resource.replacePaths, [['tags', 'a.b', 0, 'c'], ['name']])
  assert.deepEqual(resource.extra['steps'], [
    { op: 'create-replacement', old: null, new: { name: 'c' } },
  ])
})

test('a state that the tool left out is unknown where there must be one', () => {
  const sides = (op: string) => {
    const { before, after } = givenResource(givenStep({ op, oldState: null, newState: null }))
    return [before, after]
  }

  assert.deepEqual(sides('create'), [null, UNKNOWN])
  assert.deepEqual(sides('update'), [UNKNOWN, UNKNOWN])
  assert.deepEqual(sides('replace'), [UNKNOWN, UNKNOWN])
  assert.deepEqual(sides('delete-replaced'), [UNKNOWN, null])
  assert.deepEqual(sides('delete'), [UNKNOWN, null])
  assert.deepEqual(sides('teleport'), [UNKNOWN, UNKNOWN])
})

test('a resource under a new URN says its old one', () => {
  const old = givenState({}, { urn: `${BUCKET_URN}-old` })
  const { previousAddress, action } = givenResource(givenStep({ oldState: old }))

  assert.deepEqual([previousAddress, action], [`${BUCKET_URN}-old`, 'update'])
})

test('components and imports are told', () => {
  const parent = 'urn:pulumi:dev::shop::shop:web:Site::site'
  const newState = givenState({}, { id: 'shop-images', parent })
  const resource = givenResource(givenStep({ op: 'import', oldState: null, newState }))

  assert.deepEqual(
    [resource.module, resource.importing, resource.before],
    [parent, { id: 'shop-images' }, null],
  )
})

test('steps that the tool counted and did not write make the plan incomplete', () => {
  const counts = (changeSummary: unknown, steps = [givenStep()]) => {
    const { complete, warnings } = givenPreview({ steps, changeSummary })
    return [complete, warnings]
  }
  const missing = (steps: string) => [false, [`The tool counted ${steps} not in the preview`]]

  assert.deepEqual(counts({ update: 1, same: 40 }), [true, []])
  assert.deepEqual(counts({ update: 3 }), missing('2 steps that are'))
  assert.deepEqual(counts({ update: 1, delete: 1 }), missing('1 step that is'))
  assert.deepEqual(counts({ update: 1, teleport: 1 }), missing('1 step that is'))
  assert.deepEqual(counts({ update: 'many' }), missing('1 step that is'))
  assert.deepEqual(counts({ update: 1 }, [givenStep({ op: 'refresh' })]), [true, []])
  assert.deepEqual(counts({ update: 1 }, []), missing('1 step that is'))
  assert.deepEqual(counts({ same: 4 }, []), [true, []])
  assert.deepEqual(givenPreview({ steps: [givenStep()] }).complete, null)
})

test('an error makes the plan partial', () => {
  const read = (fields: Readonly<Record<string, unknown>>) => {
    const { errored, complete, applyable } = givenPreview(givenDigest([givenStep()], fields))
    return [errored, complete, applyable]
  }
  const warning = { severity: 'warning', message: 'w' }

  assert.deepEqual(read({ diagnostics: [warning] }), [false, true, true])
  assert.deepEqual(read({ diagnostics: [{ ...warning, severity: 'error' }] }), [true, false, false])
  assert.deepEqual(read({ maybeCorrupt: true }), [true, false, false])
  assert.deepEqual(read({ maybeCorrupt: false }), [false, true, true])
})

test('what is no preview is refused', () => {
  const table: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ steps: {} }, "The preview's steps is not a list"],
    [{ steps: [], changeSummary: 1 }, "The preview's changeSummary is not an object"],
    [{ steps: [] }, 'The preview has no steps, and its changeSummary counts none'],
    [{ changeSummary: {} }, 'The preview has no steps, and its changeSummary counts none'],
    [{ steps: [givenStep(), 1] }, 'steps[1] is not an object'],
    [{ steps: [givenStep({ urn: undefined })] }, 'steps[0] has no urn'],
    [{ steps: [givenStep({ urn: '' })] }, 'steps[0] has no urn'],
    [{ steps: [givenStep({ newState: [1] })] }, 'steps[0] has "newState" that is not an object'],
  ]
  for (const [document, message] of table) {
    assert.deepEqual(readPreview(document), refusal(message))
  }
})

test('more steps than the limit are refused', () => {
  const steps = Array.from({ length: RESOURCE_CHANGES_MAX + 1 }, () => ({ urn: 'u' }))

  const message = `The plan has 100001 steps; at most ${RESOURCE_CHANGES_MAX} are read`
  assert.deepEqual(readPreview({ steps }), refusal(message))
})

test('fields that are not known are kept and counted', () => {
  const step = givenStep({ wave: 2, newState: givenState({}, { risk: 'high' }) })
  const plan = givenPreview(givenDigest([step], { approval: 'yes' }))

  assert.deepEqual(plan.unknownFields, ['approval'])
  assert.deepEqual(plan.warnings, ['1 top-level fields are not known to this version'])
  assert.equal(plan.resources[0]?.extra['wave'], 2)
  assert.equal(plan.resources[0]?.extra['new.risk'], 'high')
})

test('numbers keep their text, and hostile text stays data', () => {
  const text = '\u001b[2K\r\u202e<script>alert(1)</script>'
  const urn = `${BUCKET_URN}${text}`
  const digest = givenDigest([givenStep({ urn, newState: givenState({ [text]: text, n: 777 }) })])
  const plan = givenPreview(JSON.stringify(digest).replace('777', '12345678901234567890'))

  assert.equal(plan.resources[0]?.address, urn)
  const wide = new NumberText('12345678901234567890')
  assert.deepEqual(plan.resources[0]?.after, { [text]: text, n: wide })
  assert.equal(summarise(plan).update, 1)
  assert.deepEqual(plan.warnings, [])
})
