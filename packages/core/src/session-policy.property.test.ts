/** The promises of a session policy over plans of every type of the table. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { derive, givenAws, givenAwsTarget } from '../../../test/fixtures/session-policy-given.ts'
import { IAM_TABLE } from '../../api/src/iam-table.ts'
import type { Action, ResourceChange } from './plan.ts'
import { SESSION_POLICY_CHARACTERS_MAX } from './session-policy-document.ts'
import { CALL_KINDS, type IamType } from './session-policy-table.ts'

const TYPES = Object.keys(IAM_TABLE.types).filter((type) => !type.startsWith('data.'))
const reached = { narrowed: 0, tooLong: 0, unknown: 0, privileged: 0, shuffled: 0 }

after(() => {
  for (const [branch, count] of Object.entries(reached))
    assert.ok(count >= 15, `${branch} ${count}`)
})

const names = fc.stringMatching(/^[a-z][a-z0-9-]{2,30}$/)

/** Every attribute that the type asks for, with a name of its own. */
function attributesOf(type: string): readonly string[] {
  const { arns, exact, extras } = IAM_TABLE.types[type] ?? NOTHING
  const placeholders = Object.values(arns).flatMap((arn) => arn.match(/(?<=\{!?)[a-z_|]+/g) ?? [])
  const asked = placeholders.flatMap((each) => each.split('|'))
  return [...new Set([...asked, ...exact, ...extras.map(({ attribute }) => attribute)])]
}

const NOTHING: Pick<IamType, 'arns' | 'exact' | 'extras'> = { arns: {}, exact: [], extras: [] }

const changesOf = (types: readonly string[], mayBeUnknown: fc.Arbitrary<boolean>) =>
  fc
    .record({
      type: fc.constantFrom(...types),
      value: names,
      action: fc.constantFrom<Action>('create', 'update', 'delete', 'replace', 'read', 'import'),
      isUnknown: mayBeUnknown,
    })
    .map(({ type, value, action, isUnknown }) => {
      const asked = attributesOf(type)
      const known = Object.fromEntries(asked.map((name) => [name, value]))
      const open = Object.fromEntries(asked.map((name) => [name, true]))
      const sides = isUnknown
        ? { before: {}, after: {}, unknown: open }
        : { before: known, after: { ...known, settings: 1 } }
      return { change: { ...givenAws(type, sides), action }, isUnknown }
    })

const changes = changesOf(TYPES, fc.boolean())

const plans = fc.array(changes, { minLength: 1, maxLength: 40 })

/** Types whose changes can be narrow, in a number that may be too much. */
const long = fc.array(
  changesOf(['aws_sqs_queue', 'aws_s3_bucket', 'aws_sfn_activity'], fc.constant(false)),
  { minLength: 20, maxLength: 60, size: 'max' },
)

const resourcesOf = (all: readonly { readonly change: ResourceChange }[]) =>
  all.map(({ change }, at) => ({ ...change, address: `${change.type}.r${at}` }))

test('no document is longer than AWS takes, and what is narrowed has one and no reason', () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: plans }, long), (all) => {
      const policy = derive(resourcesOf(all))

      assert.ok((policy.document ?? '').length <= SESSION_POLICY_CHARACTERS_MAX)
      assert.equal(policy.narrowed, policy.because.length === 0)
      if (policy.narrowed) assert.notEqual(policy.document, null)
      if (policy.document === null) assert.deepEqual(policy.statements, [])
      reached.narrowed += Number(policy.narrowed)
      reached.tooLong += Number(policy.because.some(({ code }) => code === 'too_long'))
    }),
    { numRuns: 500 },
  )
})

test('a change whose attributes are all decided at apply is never called narrowed', () => {
  const open = changes.filter(({ isUnknown, change }) => {
    const { arns } = IAM_TABLE.types[change.type] ?? NOTHING
    const isInvented = (arns['self'] ?? '').includes('{!')
    // Settings of many kinds can only be read everywhere, whatever their names are.
    const isRead = change.action === 'read' || change.action === 'import'
    return isUnknown && !isRead && !isInvented && attributesOf(change.type).length > 0
  })
  fc.assert(
    fc.property(open, plans, (one, others) => {
      const policy = derive(resourcesOf([one, ...others]))

      reached.unknown += 1
      assert.equal(policy.narrowed, false)
    }),
  )
})

test('what gives somebody rights is never called narrowed, whatever else the plan has', () => {
  const privileged = new Set(IAM_TABLE.privileges)
  const kinds = { create: ['create', 'settle'], update: ['update'], delete: ['delete'] } as const
  const granting = changes.filter(({ change }) => {
    const type = IAM_TABLE.types[change.type]
    const action = change.action
    if (type === undefined || !(action === 'create' || action === 'update' || action === 'delete'))
      return false
    const asked = kinds[action].flatMap((kind) => Object.values(type.calls[kind]).flat())
    return type.privileged[action] !== undefined || asked.some((each) => privileged.has(each))
  })
  fc.assert(
    fc.property(granting, plans, (one, others) => {
      const policy = derive(resourcesOf([one, ...others]))

      reached.privileged += 1
      assert.equal(policy.narrowed, false)
    }),
  )
})

test('the order of a plan does not change a byte', () => {
  fc.assert(
    fc.property(
      plans.chain((all) => {
        const resources = resourcesOf(all)
        const shuffled = fc.shuffledSubarray(resources, { minLength: resources.length })
        return fc.tuple(fc.constant(resources), shuffled)
      }),
      ([resources, shuffled]) => {
        const [first, second] = [derive(resources), derive(shuffled)]

        reached.shuffled += Number(first.document !== null)
        assert.equal(second.document, first.document)
        assert.deepEqual(second.statements, first.statements)
      },
    ),
  )
})

test('more than the plan’s own actions is permitted only where settings are read', () => {
  const backend = { type: 's3', settings: { bucket: 'state', key: 'a', region: 'eu-central-1' } }
  fc.assert(
    fc.property(plans, (all) => {
      const policy = derive(resourcesOf(all), { target: givenAwsTarget({ backend }) })
      const asked = new Set(
        all.flatMap(({ change }) => {
          const { calls, extras } = IAM_TABLE.types[change.type] ?? { calls: null, extras: [] }
          const own = CALL_KINDS.flatMap((kind) => Object.values(calls?.[kind] ?? {}).flat())
          return [...own, ...extras.flatMap(({ actions }) => actions)].map((each) =>
            each.replace(/\?.*/, ''),
          )
        }),
      )
      const ofS3 = ['DeleteObject', 'GetObject', 'ListBucket', 'PutObject'].map(
        (each) => `s3:${each}`,
      )
      const state = new Set([...ofS3, 'kms:Decrypt', 'kms:GenerateDataKey'])
      for (const action of policy.statements.flatMap(({ actions }) => actions)) {
        const isFamily = Object.hasOwn(IAM_TABLE.families, action)
        assert.ok(asked.has(action) || isFamily || state.has(action), action)
      }
    }),
  )
})
