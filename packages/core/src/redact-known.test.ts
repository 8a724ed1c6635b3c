import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { keyedHide, offlineHide } from './hiders.ts'
import { redact } from './redact.ts'
import { Hidden } from './value.ts'

const byTool = new Hidden('(sensitive)', 'tool')
const MARK = '(hidden:(sensitive))'
const TOKEN = `ghp_${'a1B2'.repeat(9)}`

function givenSecret(value: unknown, after: unknown) {
  return givenPlan({
    variables: { told: { value } },
    configuration: { root_module: { variables: { told: { sensitive: true } } } },
    resource_changes: [givenEntry({ after })],
    output_changes: { url: { actions: ['create'], before: null, after } },
    resource_drift: [givenEntry({ after })],
  })
}

test('the value of a sensitive variable is hidden wherever it stands, marked or not', () => {
  const after = { echo: 'moon-2-stone', deep: [{ url: 'x://moon-2-stone/' }], other: 'shown' }
  const hidden = { echo: byTool, deep: [{ url: `x://${MARK}/` }], other: 'shown' }

  const plan = redact(givenSecret(['moon-2-stone'], after), offlineHide)

  assert.deepEqual(plan.resources[0]?.after, hidden)
  assert.deepEqual(plan.outputs[0]?.after, hidden)
  assert.deepEqual(plan.drift[0]?.after, hidden)
})

test('a sensitive variable that holds a common word hides no other text', () => {
  for (const common of ['admin', 'true', 'production', '0.0.0.0/0', '12345678']) {
    const after = { a: common, b: `x ${common} y` }

    const plan = redact(givenSecret(common, after), offlineHide)

    assert.deepEqual(plan.resources[0]?.after, after)
    assert.deepEqual(plan.variables, [{ name: 'told', sensitive: true, value: byTool }])
  }
})

test('a variable that is not sensitive hides nothing', () => {
  const after = { echo: 'moon-2-stone' }
  const plan = givenPlan({
    variables: { told: { value: 'moon-2-stone' } },
    configuration: { root_module: { variables: { told: {} } } },
    resource_changes: [givenEntry({ after })],
  })

  assert.deepEqual(redact(plan, offlineHide).resources[0]?.after, after)
})

test('a secret in an address is hidden in it everywhere, and the rest of the address stays', () => {
  const address = `module.m["${TOKEN}"].aws_instance.web`
  const plan = givenPlan({
    resource_changes: [
      givenEntry({}, { address, module_address: `module.m["${TOKEN}"]`, name: 'web' }),
      givenEntry({}, { address: 'a.new', previous_address: `a.old["${TOKEN}"]` }),
    ],
    checks: [{ address: { to_display: address, kind: 'check' }, status: 'pass' }],
    configuration: {
      root_module: {
        module_calls: { m: { source: 'git::https://me:pass-12@example.com/m', module: {} } },
      },
    },
  })

  const { resources, checks, modules } = redact(plan, offlineHide)

  assert.equal(resources[0]?.address, `module.m["${MARK}"].aws_instance.web`)
  assert.equal(resources[0]?.module, `module.m["${MARK}"]`)
  assert.equal(resources[1]?.previousAddress, `a.old["${MARK}"]`)
  assert.equal(checks[0]?.address, resources[0]?.address)
  assert.equal(modules[0]?.source, `git::https://me:${MARK}@example.com/m`)
})

test('what refers to a resource names it as the resource is named', () => {
  const references = [{ from: `a.x["${TOKEN}"]`, to: `a.y["${TOKEN}"]`, attribute: 'id' }]
  const hidden = [{ from: `a.x["${MARK}"]`, to: `a.y["${MARK}"]`, attribute: 'id' }]

  const redacted = redact({ ...givenPlan(), references }, offlineHide)

  assert.deepEqual(redacted.references, hidden)
})

test('two secrets in addresses stay two under a key', () => {
  const addresses = [`a.x["${TOKEN}"]`, `a.x["${TOKEN}1"]`]
  const resource_changes = addresses.map((address) => givenEntry({}, { address }))
  const hide = keyedHide(new Uint8Array(32).fill(1), primitives)

  const { resources } = redact(givenPlan({ resource_changes }), hide)

  assert.equal(new Set(resources.map(({ address }) => address)).size, 2)
})

test('names that programs make are no secrets in an address, but in a key they are', () => {
  const random = 'MyFunctionServiceRole8EA1C2F3xQ9wZ7'
  const table = [
    [`aws_iam_role.${random}`, `aws_iam_role.${random}`],
    [`a.x["${random}"]`, `a.x["${MARK}"]`],
    ['a.x["plain key"].b["0"].c[0]', 'a.x["plain key"].b["0"].c[0]'],
    ['a.x["(hidden:"]', 'a.x["(hidden::"]'],
  ] as const
  for (const [address, expected] of table) {
    const plan = givenPlan({ resource_changes: [givenEntry({}, { address })] })

    assert.equal(redact(plan, offlineHide).resources[0]?.address, expected)
  }
})

test('a field that this version does not know is hidden by its own name', () => {
  const plan = givenPlan({
    resource_changes: [givenEntry({ api_key: 'words' }, { token: 'more' })],
  })
  const byUs = new Hidden('(sensitive)', 'detection')

  const extra = redact(plan, offlineHide).resources[0]?.extra

  assert.deepEqual(extra, { token: byUs, 'change.api_key': byUs })
})

test('an object in a variable whose name is secret is hidden whole', () => {
  const plan = givenPlan({
    variables: { db_password: { value: { current: 'words' } }, settings: { value: { a: 'b' } } },
    configuration: { root_module: { variables: { db_password: {}, settings: {} } } },
  })

  const values = redact(plan, offlineHide).variables.map(({ value }) => value)

  assert.deepEqual(values, [new Hidden('(sensitive)', 'detection'), { a: 'b' }])
})
