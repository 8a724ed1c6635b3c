/** Change sets of CloudFormation, made by a local cloud and described by the real command line. */
import { join } from 'node:path'
import { find } from './machine.ts'
import type { Moto } from './moto.ts'
import { cloudEnvironment } from './plan-maker.ts'
import { type Program, runProgram } from './program.ts'

const TEMPLATES = join(import.meta.dirname, '../fixtures/plan-stories/cloudformation')
const TIME = '2026-01-01T00:00:00Z'

/** A stack is made from one template and then changed into another; both sets are described. */
export async function makeChangeSets(
  cloud: Moto,
): Promise<{ readonly made: string; readonly changed: string }> {
  const aws: Program = {
    file: find('aws') ?? 'aws',
    folder: TEMPLATES,
    environment: cloudEnvironment(cloud),
  }
  const made = await makeOne(aws, 'first', 'CREATE')
  await cloudformation(aws, 'execute-change-set', nameOf('first'))
  const changed = await makeOne(aws, 'second', 'UPDATE')
  return { made, changed }
}

const PARAMETERS = [
  'ParameterKey=Size,ParameterValue=small',
  'ParameterKey=Password,ParameterValue=canary-no-echo-parameter',
]

async function makeOne(aws: Program, name: string, type: 'CREATE' | 'UPDATE'): Promise<string> {
  const template = ['--template-body', `file://${name}.json`, '--parameters', ...PARAMETERS]
  await cloudformation(aws, 'create-change-set', [
    ...nameOf(name),
    ...['--change-set-type', type, ...template],
  ])
  const described = [...nameOf(name), '--include-property-values', '--output', 'json']
  const text = await cloudformation(aws, 'describe-change-set', described)
  return text.replace(/"CreationTime": "[^"]*"/, `"CreationTime": "${TIME}"`)
}

function nameOf(name: string): readonly string[] {
  return ['--stack-name', 'shop', '--change-set-name', name]
}

async function cloudformation(
  aws: Program,
  command: string,
  words: readonly string[],
): Promise<string> {
  return (await runProgram(aws, ['cloudformation', command, ...words])).out
}
