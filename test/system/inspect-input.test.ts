/** However a plan comes to `inspect`, it tells the same. */
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { recordedPath, recordedPlans } from '../fixtures/recorded-plans.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/holdpoint.mjs', import.meta.url))
const INSPECT = [BIN, 'inspect', '--json'] as const

const largest = recordedPlans()
  .filter(({ file }) => file.startsWith('terraform-'))
  .toSorted((left, right) => right.bytes.length - left.bytes.length)
  .map(({ file }) => fileURLToPath(recordedPath(file)))[0]

let folder = ''
let plan = ''
let told = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-input-'))
  plan = largest ?? assert.fail('no plan of Terraform is recorded')
  told = await inspected([plan])
})

after(() => rm(folder, { recursive: true }))

async function inspected(words: readonly string[], flags: readonly string[] = []): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...INSPECT, ...words])
  return stdout
}

test('from a pipe with a name, which says nothing of its size', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])

  const [out] = await Promise.all([inspected([pipe]), writeFile(pipe, await readFile(plan))])

  assert.equal(out, told)
})

test('from standard input, in parts', async () => {
  const child = spawn(process.execPath, [...INSPECT, '-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const bytes = await readFile(plan)
  child.stdin.write(bytes.subarray(0, 1_000))
  setTimeout(() => child.stdin.end(bytes.subarray(1_000)), 50)
  let out = ''
  for await (const part of child.stdout.setEncoding('utf8')) out += part

  assert.equal(out, told)
})

test('where WebAssembly is given no memory', async () => {
  assert.equal(await inspected([plan], ['--wasm-max-mem-pages=2']), told)
})

test('where there is no WebAssembly', async () => {
  assert.equal(await inspected([plan], ['--jitless']), told)
})

const lacks = { skip: process.arch === 'x64' ? false : 'the option is one of x64' }
test('where the processor lacks what the scan is compiled for', lacks, async () => {
  assert.equal(await inspected([plan], ['--no-enable-sse4-1']), told)
})

test('a plan without an end is not read without an end', async () => {
  await assert.rejects(inspected(['/dev/zero']), ({ stdout }: { readonly stdout: string }) => {
    assert.match(stdout, /larger than 512 MiB/)
    return true
  })
})

test('a folder, nothing, and what may not be read are said', async () => {
  const empty = join(folder, 'empty.json')
  await writeFile(empty, '')
  const why = async (words: readonly string[]): Promise<string> =>
    inspected(words).then(
      () => assert.fail('it was read'),
      (error: { readonly stdout: string }) => error.stdout,
    )

  assert.match(await why([folder]), /is a folder; a file is needed/)
  assert.match(await why([join(folder, 'none.json')]), /there is no such file/)
  assert.match(await why([empty]), /The file is empty/)
})
