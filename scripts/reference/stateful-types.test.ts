import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALSO_STATEFUL, AWS_ALIASES, typeKey } from '@holdpoint/core'
import { SPEC_TYPES, statefulTypesFile } from './stateful-types.ts'

const names = new Set(SPEC_TYPES.map(({ name }) => name))
const stateful = new Set(SPEC_TYPES.filter((type) => type.isStateful).map(({ name }) => name))

test('the list of the source is whole', () => {
  assert.ok(names.size > 1_500, `only ${names.size} types`)
  assert.ok(stateful.size >= 25, `only ${stateful.size} that hold data`)
  for (const name of stateful) assert.ok(statefulTypesFile().includes(`'${name}'`))
})

test('no two types of the source share a key', () => {
  assert.equal(new Set([...names].map(typeKey)).size, names.size)
})

test('what we add exists, and the source does not mark it', () => {
  assert.deepEqual(
    ALSO_STATEFUL.filter((name) => !names.has(name) || stateful.has(name)),
    [],
  )
})

/** Names that Terraform took for something else than CloudFormation did. */
const TAKEN: readonly string[] = ['iam_policy']

test('an alias leads to a type that exists, and stands for no other', () => {
  for (const [alias, target] of Object.entries(AWS_ALIASES)) {
    assert.ok(names.has(target), `${target} is no type`)
    assert.equal(typeKey(`aws_${alias}`), typeKey(target))
    // The same words by a provider that uses the names of CloudFormation mean another type, or none.
    const own = [...names].find((name) => typeKey(name) === typeKey(`awscc_${alias}`))
    assert.equal(own !== undefined, TAKEN.includes(alias), `${alias} is ${own} already`)
  }
})
