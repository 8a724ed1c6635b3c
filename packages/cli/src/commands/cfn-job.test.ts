import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { deploymentOf } from './cfn-job.ts'
import { Ended } from './ended.ts'
import { parseLine } from './parse.ts'
import { commandRows } from './table.ts'

const TEMPLATE = '{"Resources":{}}'
const home = process.cwd()
let folder: string

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-cfn-job-'))
  mkdirSync(join(folder, 'cdk.out'))
  writeFileSync(join(folder, 'cdk.out/shop.template.json'), TEMPLATE)
  writeFileSync(join(folder, 'large.json'), ' '.repeat(51_201))
  const listed = [{ ParameterKey: 'Size', ParameterValue: 'small' }]
  writeFileSync(join(folder, 'listed.json'), JSON.stringify(listed))
  writeFileSync(join(folder, 'named.json'), '{"Parameters":{"Size":"small"}}')
  writeFileSync(join(folder, 'odd.json'), '{"Size":7}')
  process.chdir(folder)
})

after(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

async function deployment(...words: readonly string[]) {
  const found = parseLine(['cfn', 'deploy', ...words], commandRows)
  if (!found.ok || found.parsed.type !== 'call') throw new Error('not a call')
  return await deploymentOf({ flags: found.parsed.line.flags })
}

async function problem(...words: readonly string[]): Promise<string> {
  const cause = await deployment(...words).catch((thrown: unknown) => thrown)
  assert.ok(cause instanceof Ended, String(cause))
  assert.equal(cause.exitCode, 2)
  return cause.message
}

const SHOP = ['--stack-name', 'shop'] as const

test('without a template the one that CDK wrote for the stack is taken', async () => {
  assert.deepEqual((await deployment(...SHOP)).template, { TemplateBody: TEMPLATE })
  assert.match(await problem('--stack-name', 'other'), /cdk\.out\/other\.template\.json/)
})

test('a template that the service would not take in a request is refused with what to do', async () => {
  assert.match(await problem(...SHOP, '--template', 'large.json'), /--template-url.*cfn execute/)
  const url = 'https://bucket.example/shop.json'
  const given = await deployment(...SHOP, '--template-url', url)
  assert.deepEqual(given.template, { TemplateURL: url })
})

test('parameters come from a file in each of its forms, and those of the line win', async () => {
  for (const file of ['listed.json', 'named.json']) {
    const more = ['--parameter', 'Env=a=b', '--parameter', 'Size=large']
    const { parameters } = await deployment(...SHOP, '--parameters-file', file, ...more)

    assert.deepEqual(Object.fromEntries(parameters), { Size: 'large', Env: 'a=b' })
  }
  assert.match(await problem(...SHOP, '--parameters-file', 'odd.json'), /whose name or value is no/)
})

test('a pair without a name, and a stack without one, are refused', async () => {
  assert.match(await problem(...SHOP, '--tag', '=x'), /--tag is key=value/)
  assert.match(await problem(), /Name the stack/)
})
