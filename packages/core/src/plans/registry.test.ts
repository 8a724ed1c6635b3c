import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenDocument, readDocument } from '../../../../test/fixtures/terraform-given.ts'
import { givenStream } from '../../test/pulumi-given.ts'
import { planFormats } from './registry.ts'

const EXPECTED =
  'expected is the JSON of a plan, as "terraform show -json <plan file>", ' +
  '"aws cloudformation describe-change-set" or "pulumi preview --json" prints it'

const APART =
  'expected is the JSON of each unit in a file of its own, as ' +
  '"terragrunt run --all --json-out-dir <folder> -- plan" writes them'
const FOUND = 'These are several JSON documents one after another, and a change is one plan'
const SEVERAL = `${FOUND}; ${APART}`

function refusal(message: string) {
  return { ok: false, refusal: { message } }
}

test('each file that is no plan is told what it is', () => {
  const table: readonly (readonly [unknown, string])[] = [
    ['', 'The file is empty'],
    [' \n', 'The file is empty'],
    ['PK\u0003\u0004rest', 'This is a saved plan file (a zip archive), not JSON'],
    [
      '\nTerraform will perform the following actions:',
      'This is text that the tool prints for people, not JSON',
    ],
    [
      '\u001b[0m\u001b[1mOpenTofu used the selected providers',
      'This is text that the tool prints for people, not JSON',
    ],
    [
      '# aws_instance.web:\nresource "aws_instance" {',
      `The document is not acceptable JSON: "#" where a value is expected (line 1, column 1)`,
    ],
    ['# resource x', 'This is text that the tool prints for people, not JSON'],
    [
      '{"@level":"info"}\n{"@level":"info"}',
      'This is the progress stream of "plan -json", not a plan',
    ],
    [[], 'The document is a JSON list'],
    ['"text"', 'The document is a single JSON value'],
    ['null', 'The document is a single JSON value'],
    [{}, "The document is a JSON object with none of a plan's fields"],
    [{ version: 4, lineage: 'x', serial: 1, resources: [] }, 'This is a state file, not a plan'],
    [{ format_version: '1.0', values: {} }, 'This is the JSON of a state, not of a plan'],
    [{ format_version: '1.0', provider_schemas: {} }, 'These are provider schemas, not a plan'],
    [
      { format_version: '1.0', valid: true, diagnostics: [] },
      'This is the result of "validate -json", not a plan',
    ],
    [{ Resources: {} }, 'This is a CloudFormation template, not a change set'],
    [{ planned_values: {} }, 'The document has no format_version, so it is no plan'],
  ]
  for (const [document, message] of table) {
    assert.deepEqual(readDocument(document), refusal(`${message}; ${EXPECTED}`))
  }
})

test('plans of several units are told to be given apart, however they stand together', () => {
  const plan = JSON.stringify(givenDocument())
  const pretty = JSON.stringify(givenDocument({ variables: { é: { value: 'ü' } } }), null, 2)
  const log = `This is output of Terragrunt with its log in it; ${APART}`
  const table: readonly (readonly [string, string])[] = [
    [`${plan}${plan}`, SEVERAL],
    [`${pretty}\n${pretty}\n`, SEVERAL],
    [`${JSON.stringify(givenDocument({ variables: { é: { value: 'ü' } } }))}${plan}`, SEVERAL],
    [`10:15:32.123 STDOUT [live/vpc] terraform: ${plan}\n`, log],
    [`\u001b[90m10:15:32.123\u001b[0m INFO   Downloading\n${plan}`, log],
    [`time=2026-01-01T00:00:00Z level=info msg=Module vpc\n${plan}`, log],
    [`[/repo/live/vpc] ${plan}\n[/repo/live/db] ${plan}\n`, log],
    [`Group 1\n- Module /repo/vpc\n\n${plan}`, log],
    [`{"level":"info","msg":"x","working-dir":"live/vpc"}\n${plan}`, log],
  ]
  for (const [text, message] of table) assert.deepEqual(readDocument(text), refusal(message), text)
})

test('what only follows a plan by mistake is named with its place', () => {
  const plan = JSON.stringify(givenDocument())
  const place = `(line 1, column ${plan.length + 1})`
  const message = `The document is not acceptable JSON: there is more after its end ${place}`

  assert.deepEqual(readDocument(`${plan}}`), refusal(`${message}; ${EXPECTED}`))
})

test('a plan of Terraform Stacks is named as what it is', () => {
  const message =
    'This looks like a plan of Terraform Stacks, which is not read: HCP Terraform plans and ' +
    `applies a stack without a plan file; ${EXPECTED}`

  for (const key of ['planned_changes', 'plannedChanges', 'components', 'component_instances']) {
    assert.deepEqual(readDocument({ terraform_version: '1.13.0', [key]: [] }), refusal(message))
  }
})

test('a document that is cut off is refused with its place', () => {
  const text = JSON.stringify(givenDocument())

  const place = '(line 1, column 75)'
  const expected = 'it ends where a comma or a closing brace is expected'
  const message = `The document is not acceptable JSON: ${expected} ${place}`
  assert.deepEqual(readDocument(text.slice(0, -1)), refusal(`${message}; ${EXPECTED}`))
})

test('an empty state is not a plan without changes', () => {
  const message =
    'The document has a format_version, and nothing that a plan has; expected is a plan'

  assert.deepEqual(readDocument({ format_version: '1.0' }), refusal(message))
})

test('each format is told from its shape', () => {
  const changeSet = { StackName: 's', ChangeSetName: 'c', Status: 'CREATE_COMPLETE', Changes: [] }
  const table: readonly (readonly [unknown, string])[] = [
    [givenDocument(), 'terraform'],
    [changeSet, 'cloudformation'],
    [[{ ...changeSet, ChangeSetId: 'arn:1' }], 'cloudformation'],
    [{ steps: [], changeSummary: { same: 1 } }, 'pulumi'],
    [givenStream([]), 'pulumi'],
  ]
  for (const [document, tool] of table) {
    const parsed = readDocument(document)
    assert.ok(parsed.ok, JSON.stringify(parsed))
    assert.equal(parsed.plan.tool, tool)
  }
})

test('lines are read only where they are events, and a broken line refuses them all', () => {
  const twoPlans = `${JSON.stringify(givenDocument())}\n${JSON.stringify(givenDocument())}`
  const broken = 'it ends in the middle of a string (line 3, column 10, inside "/x")'
  const list = 'a line that is not an object (line 3, column 1)'
  const table: readonly (readonly [string, string])[] = [
    [twoPlans, SEVERAL],
    [`${givenStream([])}{"x":"cut`, `The document is not acceptable JSON: ${broken}`],
    [`${givenStream([])}[]`, `The document is not acceptable JSON: ${list}`],
  ]
  for (const [document, message] of table) {
    assert.deepEqual(readDocument(document), refusal(message))
  }
})

test('every format has its own kind', () => {
  const kinds = planFormats.map((format) => format.kind)

  assert.deepEqual(kinds, [...new Set(kinds)])
})

test('a refusal never carries characters of the document that do not show', () => {
  const twice = '{"a\u202eb":1,"a\u202eb":2}'
  const version = givenDocument({ format_version: '9\u202e' })

  for (const found of [readDocument(twice), readDocument(version)]) {
    assert.ok(!found.ok)
    assert.match(found.refusal.message, /\\u\{202E\}/)
    assert.doesNotMatch(found.refusal.message, /\u202e/)
  }
})
