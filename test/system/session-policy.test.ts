/**
 * An apply by real Terraform with nothing but the session that its plan gives: it goes through, and
 * with the session of another plan AWS refuses it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IAM_TABLE } from '@holdpoint/api/iam-table'
import { nodePrimitives } from '@holdpoint/api/node'
import { deriveSessionPolicy, readPlan, type Target } from '@holdpoint/core'
import { ACCOUNT, playStory, REGION } from '../cloud/aws-story.ts'
import { givenAwsTarget } from '../fixtures/session-policy-given.ts'
import { HANGS_AFTER_MS, needs, providerMirror } from '../harness/machine.ts'

const missing = [needs('terraform').skip, needs('moto').skip].find((each) => each !== false)
const mirror = providerMirror()
const skip = missing ?? (mirror === null ? 'no filesystem mirror holds hashicorp/aws' : false)
const whenAws = { skip, timeout: HANGS_AFTER_MS }

function sessionOf(
  text: string,
  target: Target = givenAwsTarget(),
): { readonly document: string; readonly narrowed: boolean } {
  const parsed = readPlan(nodePrimitives.utf8(text), nodePrimitives)
  if (!parsed.ok) throw new Error(parsed.refusal.message)
  const { plan } = parsed
  const policy = deriveSessionPolicy({
    plan,
    target,
    account: ACCOUNT,
    table: IAM_TABLE,
  })
  if (policy.document === null) throw new Error(JSON.stringify(policy.because))
  return { document: policy.document, narrowed: policy.narrowed }
}

test('a plan is made, changed and removed with the session that it gives', whenAws, async () => {
  const narrowed: boolean[] = []
  const steps = await playStory('parameters', (plan) => {
    const session = sessionOf(plan)
    narrowed.push(session.narrowed)
    return session.document
  })

  assert.deepEqual(
    steps.map(({ name, code, err }) => [name, code, err]),
    [
      ['make', 0, ''],
      ['change', 0, ''],
      ['remove', 0, ''],
    ],
  )
  assert.deepEqual(narrowed, [true, true, true])
  const calls = steps.flatMap((step) => step.calls)
  assert.ok(calls.length >= 6, `only ${calls.length} calls`)
  assert.ok(calls.every(({ session, allowed }) => allowed && session?.sessionPolicy !== null))
})

test('the session of a plan for another resource stops the apply', whenAws, async () => {
  const steps = await playStory('parameters', (plan) => {
    return sessionOf(plan).document.replaceAll('app/size', 'app/other')
  })

  const [made] = steps
  assert.equal(steps.length, 1)
  assert.equal(made?.code, 1)
  assert.match(made?.err ?? '', /AccessDeniedException|not authorized/)
})

test(
  'state in S3 is locked, read and saved with the session, and no other key is',
  whenAws,
  async () => {
    const settings = { bucket: 'holdpoint-state', key: 'app/main.tfstate', region: REGION }
    const target = givenAwsTarget({ backend: { type: 's3', settings } })
    const steps = await playStory(
      'parameters',
      (plan) => sessionOf(plan, target).document,
      settings.bucket,
    )

    assert.deepEqual(
      steps.map(({ name, code, err }) => [name, code, err]),
      [
        ['make', 0, ''],
        ['change', 0, ''],
        ['remove', 0, ''],
      ],
    )
    const ofState = steps.flatMap(({ calls }) => calls).filter(({ action }) => /^s3:/.test(action))
    const asked = [...new Set(ofState.map(({ action, resource }) => `${action} ${resource}`))]
    assert.deepEqual(asked.toSorted(), [
      's3:DeleteObject arn:aws:s3:::holdpoint-state/app/main.tfstate.tflock',
      's3:GetObject arn:aws:s3:::holdpoint-state/app/main.tfstate',
      's3:GetObject arn:aws:s3:::holdpoint-state/app/main.tfstate.tflock',
      's3:ListBucket arn:aws:s3:::holdpoint-state',
      's3:PutObject arn:aws:s3:::holdpoint-state/app/main.tfstate',
      's3:PutObject arn:aws:s3:::holdpoint-state/app/main.tfstate.tflock',
    ])
  },
)
