/**
 * Session policies against what the AWS provider really called: recorded with Terraform, decided by
 * a simulator of IAM that knows nothing of our table.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IAM_TABLE } from '@holdpoint/api/iam-table'
import { nodePrimitives } from '@holdpoint/api/node'
import { deriveSessionPolicy, type Plan, readPlan, type SessionPolicy } from '@holdpoint/core'
import { checkTable } from '../../packages/core/test/table.ts'
import { givenAwsTarget } from '../fixtures/session-policy-given.ts'
import { permits } from './aws-authoriser.ts'
import { type NeededCall, type RecordedStep, storiesRecorded } from './recorded-story.ts'

const ACCOUNT = '111111111111'
const STORIES = storiesRecorded()
const STEPS = STORIES.flatMap(({ story, steps }) => steps.map((step) => ({ story, step, steps })))

/** Nobody's plan has these. */
const FOREIGN: readonly NeededCall[] = [
  ['iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/mallory`],
  ['iam:AttachRolePolicy', `arn:aws:iam::${ACCOUNT}:role/admin`],
  ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/admin`],
  ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`],
  ['kms:Decrypt', `arn:aws:kms:eu-central-1:${ACCOUNT}:key/one`],
  ['s3:GetObject', 'arn:aws:s3:::other-bucket/key'],
  ['s3:DeleteBucket', 'arn:aws:s3:::other-bucket'],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::other-bucket'],
  ['sqs:DeleteQueue', `arn:aws:sqs:eu-central-1:${ACCOUNT}:other`],
  ['dynamodb:Scan', `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/other`],
  [
    'secretsmanager:GetSecretValue',
    `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:other-1`,
  ],
  ['ssm:GetParameter', `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/other`],
  ['ec2:TerminateInstances', `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-00000000000000000`],
  ['rds:DeleteDBInstance', `arn:aws:rds:eu-central-1:${ACCOUNT}:db:other`],
  ['lambda:InvokeFunction', `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:other`],
  ['organizations:LeaveOrganization', '*'],
].map(([action = '', resource = '']) => ({ action, resource, context: {} }))

function planOf({ plan }: RecordedStep): Plan {
  const parsed = readPlan(nodePrimitives.utf8(JSON.stringify(plan)), nodePrimitives)
  if (!parsed.ok) throw new Error(parsed.refusal.message)
  return parsed.plan
}

const derived = (plan: Plan): SessionPolicy =>
  deriveSessionPolicy({ plan, target: givenAwsTarget(), account: ACCOUNT, table: IAM_TABLE })

/** One resource of a plan; the others stay, so that what it refers to is known. */
const alone = (plan: Plan, address: string): Plan => ({
  ...plan,
  resources: plan.resources.map((each) =>
    each.address === address ? each : { ...each, action: 'noop' },
  ),
})

/** The policy of the whole plan; where that is too long, one of each of its resources. */
function policiesOf(step: RecordedStep): readonly SessionPolicy[] {
  const plan = planOf(step)
  const whole = derived(plan)
  if (!whole.because.some(({ code }) => code === 'too_long')) return [whole]
  return plan.resources.map(({ address }) => derived(alone(plan, address)))
}

async function allows(policies: readonly SessionPolicy[], call: NeededCall): Promise<boolean> {
  const sessions = policies.flatMap(({ document }) => (document === null ? [] : [document]))
  const answers = await Promise.all(
    sessions.map((document) =>
      permits(
        {
          account: ACCOUNT,
          role: 'deploy',
          name: 'test',
          rolePolicy: EVERYTHING,
          sessionPolicy: JSON.parse(document),
        },
        call,
      ),
    ),
  )
  return answers.includes(true)
}

const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

test('every recorded call is permitted by the policy of its plan', async () => {
  const refused: string[] = []
  let asked = 0
  for (const { story, step } of STEPS) {
    const policies = policiesOf(step)
    for (const call of step.calls) {
      asked += 1
      if (!(await allows(policies, call)))
        refused.push(`${story} ${step.name}: ${call.action} ${call.resource}`)
    }
  }
  assert.deepEqual(refused, [])
  assert.ok(asked >= 500, `only ${asked} calls`)
})

test('what no plan has is refused by the policy of every plan', async () => {
  for (const { story, step } of STEPS) {
    const policies = policiesOf(step)
    for (const call of FOREIGN) {
      assert.equal(await allows(policies, call), false, `${story} ${step.name}: ${call.action}`)
    }
  }
})

test('a narrowed policy refuses the same calls on another resource', async () => {
  let asked = 0
  for (const { story, step } of STEPS) {
    const policies = policiesOf(step).filter(({ narrowed }) => narrowed)
    const exact = step.calls.filter(({ action, resource }) => {
      // Ids that AWS invents stand open for what makes new things and for what reads settings.
      const isOpen = policies.some(({ statements }) =>
        statements.some((each) => {
          return each.actions.includes(action) && each.resources.some((one) => one.includes('*'))
        }),
      )
      return resource !== '*' && !isOpen
    })
    for (const call of exact) {
      asked += 1
      const other = { ...call, resource: `${call.resource}-other` }
      assert.equal(
        await allows(policies, other),
        false,
        `${story} ${step.name}: ${other.action} ${other.resource}`,
      )
    }
  }
  assert.ok(asked >= 100, `only ${asked} calls`)
})

test('what makes a resource may not remove it, unless it is about rights or state', async () => {
  const REMOVES = /:(?:Delete|Terminate|Release|Remove)(?!Item|Policy)/
  let asked = 0
  for (const { story, step, steps } of STEPS.filter((each) => each.step.name === 'make')) {
    const policies = policiesOf(step)
    const removed = steps.find((each) => each.name === 'remove')?.calls ?? []
    for (const call of removed.filter(({ action }) => REMOVES.test(action))) {
      asked += 1
      assert.equal(await allows(policies, call), false, `${story}: ${call.action}`)
    }
  }
  assert.ok(asked >= 40, `only ${asked} calls`)
})

test('which type is narrowed by which action is in the table', () => {
  const rows = STEPS.flatMap(({ step }) => {
    const plan = planOf(step)
    const changes = plan.resources.filter(
      ({ mode, action }) => mode === 'managed' && action !== 'noop',
    )
    return changes.map(({ address, type, action }): readonly string[] => {
      const { narrowed, because, document } = derived(alone(plan, address))
      const reasons = [...new Set(because.map(reasonText))].toSorted()
      const said = narrowed ? 'narrowed' : reasons.join(', ')
      return [type, action, `${document?.length ?? 0}`, said]
    })
  })
  const unique = [...new Map(rows.map((row) => [row.join(' '), row])).values()]
  const sorted = unique.toSorted((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1))
  checkTable(new URL('../fixtures/session-policies.table.txt', import.meta.url), [
    ['type', 'action', 'characters', 'outcome'],
    ...sorted,
  ])
  assert.ok(new Set(sorted.map(([type]) => type)).size >= 40)
})

function reasonText(reason: SessionPolicy['because'][number]): string {
  switch (reason.code) {
    case 'unknown_value':
    case 'unnamed_resource':
      return `${reason.code} ${reason.attribute}`
    case 'grants_privileges':
      return reason.how ?? reason.actions.join(' ')
    default:
      return reason.code
  }
}
