import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { parseTerraform } from './plans/terraform.ts'
import { programsThatRun } from './programs.ts'

const provisioned = (name: string) => ({
  address: `null_resource.${name}`,
  type: 'null_resource',
  name,
  provisioners: [{ type: 'local-exec', expressions: { command: { constant_value: 'true' } } }],
})

const change = (address: string, actions: readonly string[]) => ({
  address,
  mode: 'managed',
  type: 'null_resource',
  name: 'x',
  change: { actions, before: {}, after: {} },
})

function given(changes: readonly ReturnType<typeof change>[]) {
  const names = ['idle', 'made', 'mixed', 'unsaid']
  const parsed = parseTerraform(
    Buffer.from(
      JSON.stringify({
        format_version: '1.2',
        resource_changes: changes,
        configuration: { root_module: { resources: names.map(provisioned) } },
      }),
    ),
    nodePrimitives,
  )
  assert.ok(parsed.ok)
  return parsed.plan
}

test('a program runs where its resource does anything, or the plan does not say', () => {
  const plan = given([
    change('null_resource.idle', ['no-op']),
    change('null_resource.made', ['create']),
    change('null_resource.mixed["a.b]"]', ['no-op']),
    change('null_resource.mixed[1]', ['update']),
  ])

  assert.deepEqual(
    programsThatRun(plan).map(({ resource }) => resource),
    ['null_resource.made', 'null_resource.mixed', 'null_resource.unsaid'],
  )
})
