import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseArguments } from './arguments.ts'

function flagsOf(...given: readonly string[]): readonly string[] {
  const parsed = parseArguments(given)
  assert.ok(parsed.ok)
  return parsed.arguments.flags
}

function problemsOf(...given: readonly string[]): readonly string[] {
  const parsed = parseArguments(given)
  return parsed.ok ? [] : parsed.problems
}

test('however arguments are written, their flags are the same', () => {
  const one = flagsOf('-target', 'a.b', '-replace=c.d', '-destroy', '-target=a.b')
  const other = flagsOf('--destroy=true', '--replace', 'c.d', '--target=a.b')

  assert.deepEqual(one, ['-destroy=true', '-replace=c.d', '-target=a.b'])
  assert.deepEqual(other, one)
})

test('what changes nothing in the plan is no flag', () => {
  const flags = flagsOf('-parallelism=3', '-lock-timeout', '5m', '-compact-warnings', '-refresh')

  assert.deepEqual(flags, [])
})

test('values of variables are no flags', () => {
  const parsed = parseArguments(['-var', 'password=a=b', '-var-file=x.tfvars', '-refresh=false'])

  assert.ok(parsed.ok)
  assert.deepEqual(parsed.arguments, {
    plan: ['-var=password=a=b', '-var-file=x.tfvars', '-refresh=false'],
    apply: ['-var=password=a=b', '-var-file=x.tfvars'],
    flags: ['-refresh=false'],
    variables: [{ name: 'password', value: 'a=b' }],
    variableFiles: ['x.tfvars'],
  })
})

test('arguments that move state, plan or folder are refused with their reason', () => {
  const given = ['-state=x', '-state-out=x', '-out=p', '-chdir=..', '-auto-approve', '-json']

  const problems = problemsOf(...given)

  assert.deepEqual(
    problems.map((problem) => problem.split(' is refused: ')[0]),
    ['-state', '-state-out', '-out', '-chdir', '-auto-approve', '-json'],
  )
  assert.ok(problems.every((problem) => problem.length > 40))
})

test('every problem is told at once, and no value is repeated', () => {
  const problems = problemsOf('plan.bin', '-lock=false', '-var', 'noequals', '-what=secret', '--')

  assert.deepEqual(problems, [
    'a plan file or folder as argument is refused: Holdpoint plans in the current folder',
    '-lock=false is refused: two applies at once would damage the state',
    '-var needs name=value',
    '-what is refused: Holdpoint does not know it, and it could change what the plan means',
    'an argument that is none of the tool’s is refused',
  ])
})

test('what the tool takes without a value only is given to it so', () => {
  const parsed = parseArguments(['-no-color', '-compact-warnings=true', '-refresh'])
  const off = parseArguments(['-no-color=false', '-compact-warnings=false'])

  assert.ok(parsed.ok && off.ok)
  assert.deepEqual(parsed.arguments.plan, ['-no-color', '-compact-warnings', '-refresh=true'])
  assert.deepEqual(parsed.arguments.apply, ['-no-color', '-compact-warnings'])
  assert.deepEqual(off.arguments.plan, [])
})

test('a value that looks like an argument stays a value', () => {
  const parsed = parseArguments(['-target', '-state=x'])

  assert.ok(parsed.ok)
  assert.deepEqual(parsed.arguments.plan, ['-target=-state=x'])
})
