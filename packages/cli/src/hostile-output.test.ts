/** What the process writes to its streams for a hostile plan: the same rule, from the outside. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  CANARY,
  HOSTILE_TEXTS,
  hostileCloudformation,
  hostilePulumi,
  hostileTerraform,
} from '../../../test/fixtures/hostile-plans.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}/u
const ALL = Object.values(HOSTILE_TEXTS).join(' ')

const PLANS: { readonly [tool: string]: string } = {
  terraform: hostileTerraform(ALL),
  cloudformation: hostileCloudformation(ALL),
  pulumi: hostilePulumi(ALL),
}

function run(input: string, ...words: readonly string[]) {
  const done = spawnSync(process.execPath, [MAIN, 'inspect', '-', ...words], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

for (const [tool, plan] of Object.entries(PLANS)) {
  test(`nothing of a hostile ${tool} plan reaches a stream as more than text`, () => {
    for (const words of [[], ['--full'], ['--markdown'], ['--html'], ['--json']]) {
      const { code, out, err } = run(plan, ...words)
      const hidden = `${out}${err}`.split('\n').find((line) => UNSHOWN.test(line))

      assert.equal(code, 0, err)
      assert.equal(hidden, undefined, words.join(' '))
      assert.match(out, new RegExp(CANARY))
    }
  })

  test(`the document of a hostile ${tool} plan is JSON that says the very text`, () => {
    const { out } = run(plan, '--json')
    const { resources } = JSON.parse(out)

    assert.ok(resources.length >= 6)
    assert.ok(resources.some((each: { address: string }) => each.address.includes(ALL)))
  })
}

test('a hostile text that is no plan is refused in one line that shows', () => {
  for (const words of [[], ['--json'], ['--markdown'], ['--html']]) {
    const { code, out, err } = run(`{"${ALL.replaceAll(/["\\\n]/g, '')}": 1}`, ...words)
    const hidden = `${out}${err}`.split('\n').find((line) => UNSHOWN.test(line))

    assert.equal(code, 2)
    assert.equal(hidden, undefined, words.join(' '))
  }
})

test('two forms at once are refused, in the form that was asked for', () => {
  const sentence = '--json and --markdown exclude each other'
  const { code, out } = run('{}', '--json', '--markdown')
  const terminal = run('{}', '--markdown', '--full')

  assert.equal(code, 2)
  assert.equal(JSON.parse(out).error.title, sentence)
  assert.equal(terminal.code, 2)
  assert.match(terminal.err, /--full is for the terminal: --markdown always fits a comment/)
})
