import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { givenDigest, givenOpened, givenTarget, givenWorkspaceId } from '../test/given.ts'
import {
  compareInputs,
  compareSources,
  digestOf,
  type FingerprintParts,
  fingerprintOf,
  type Input,
  inputDocument,
  type SourceFile,
  sourceDocument,
} from './fingerprint.ts'
import type { Target } from './target.ts'

function parts(about: Partial<FingerprintParts> = {}): FingerprintParts {
  const { tool, workspace, target, flags, binding } = givenOpened()
  const { plan, source, inputs } = binding
  return { tool, workspace, target, flags, plan, source, inputs, ...about }
}
const fingerprint = (about: Partial<FingerprintParts> = {}) =>
  fingerprintOf(parts(about), nodePrimitives)

function targets(): readonly Target[] {
  const plain = givenTarget()
  const [provider, ...others] = plain.providers
  assert.ok(provider !== undefined)
  const providers = (about: Partial<typeof provider>) => [{ ...provider, ...about }, ...others]
  return [
    givenTarget({ backend: { ...plain.backend, type: 'gcs' } }),
    givenTarget({ backend: { ...plain.backend, settings: { bucket: 'other' } } }),
    givenTarget({ toolWorkspace: 'blue' }),
    givenTarget({ lineage: 'c0ffee' }),
    givenTarget({ providers: others }),
    givenTarget({ providers: providers({ key: 'aws.east' }) }),
    givenTarget({ providers: providers({ type: 'google' }) }),
    givenTarget({ providers: providers({ alias: 'east' }) }),
    givenTarget({ providers: providers({ region: 'us-east-1' }) }),
    givenTarget({ providers: providers({ region: null }) }),
    givenTarget({ providers: providers({ endpoints: { s3: 'http://localhost' } }) }),
    givenTarget({ principals: [{ provider: 'aws', account: '222222222222' }] }),
    givenTarget({ principals: [] }),
  ]
}

test('every part changes the fingerprint', () => {
  const others: readonly Partial<FingerprintParts>[] = [
    { tool: 'opentofu' },
    { workspace: givenWorkspaceId('other') },
    { plan: givenDigest('other') },
    { source: givenDigest('other') },
    { inputs: givenDigest('other') },
    { flags: [] },
    { flags: ['-parallelism=4', '-refresh=false'] },
    ...targets().map((target) => ({ target })),
  ]

  const seen = new Set([fingerprint(), ...others.map(fingerprint)])

  assert.equal(seen.size, others.length + 1)
})

test('parts that change places are another fingerprint', () => {
  const { plan, source } = parts()

  assert.notEqual(fingerprint({ plan: source, source: plan }), fingerprint())
})

test('the order of a target’s settings says nothing', () => {
  const { type, settings } = givenTarget().backend
  const reversed = Object.fromEntries(Object.entries(settings).reverse())

  assert.equal(
    fingerprint({ target: givenTarget({ backend: { type, settings: reversed } }) }),
    fingerprint(),
  )
})

test('two fields never run into one another', () => {
  assert.notEqual(fingerprint({ flags: ['ab', 'c'] }), fingerprint({ flags: ['a', 'bc'] }))
})

const file = (path: string, about: Partial<SourceFile> = {}): SourceFile => ({
  path,
  executable: false,
  sha256: givenDigest(path),
  ...about,
})
const sourceDigest = (...files: readonly SourceFile[]) =>
  digestOf(sourceDocument({ v: 1, files }), nodePrimitives)

test('the order of files says nothing, everything of a file does', () => {
  const plain = sourceDigest(file('a.tf'), file('b.tf'))

  assert.equal(sourceDigest(file('b.tf'), file('a.tf')), plain)
  assert.notEqual(sourceDigest(file('a.tf', { executable: true }), file('b.tf')), plain)
  assert.notEqual(sourceDigest(file('a.tf', { sha256: givenDigest('x') }), file('b.tf')), plain)
  assert.notEqual(sourceDigest(file('c.tf'), file('b.tf')), plain)
  assert.notEqual(sourceDigest(file('a.tf')), plain)
})

test('a path that is there twice has one digest in either order', () => {
  const one = file('a.tf')
  const other = file('a.tf', { sha256: givenDigest('other') })

  assert.equal(sourceDigest(one, other), sourceDigest(other, one))
})

const input = (name: string, about: Partial<Input> = {}): Input => ({
  kind: 'variable',
  name,
  token: `token of ${name}`,
  ...about,
})
const inputDigest = (...inputs: readonly Input[]) =>
  digestOf(inputDocument({ v: 1, inputs }), nodePrimitives)

test('the order of inputs says nothing, everything of an input does', () => {
  const plain = inputDigest(input('a'), input('b'))

  assert.equal(inputDigest(input('b'), input('a')), plain)
  assert.notEqual(inputDigest(input('a', { kind: 'environment' }), input('b')), plain)
  assert.notEqual(inputDigest(input('a', { token: 'other' }), input('b')), plain)
  assert.notEqual(inputDigest(input('c'), input('b')), plain)
})

test('sources are compared file by file', () => {
  const approved = { v: 1, files: [file('a.tf'), file('b.sh'), file('c.tf')] } as const
  const now = {
    v: 1,
    files: [file('c.tf'), file('b.sh', { executable: true }), file('d.tf')],
  } as const
  const hash = (path: string) => givenDigest(path)

  assert.deepEqual(compareSources(approved, approved), [])
  assert.deepEqual(compareSources(approved, now), [
    { part: 'source', name: 'a.tf', approved: hash('a.tf'), now: 'absent' },
    { part: 'source', name: 'b.sh', approved: hash('b.sh'), now: `${hash('b.sh')} executable` },
    { part: 'source', name: 'd.tf', approved: 'absent', now: hash('d.tf') },
  ])
})

test('inputs are compared by name, variables apart from the environment', () => {
  const approved = {
    v: 1,
    inputs: [input('region'), input('TF_LOG', { kind: 'environment' })],
  } as const
  const now = { v: 1, inputs: [input('region', { token: 'other' })] } as const

  assert.deepEqual(compareInputs(approved, now), [
    { part: 'inputs', name: 'TF_LOG', approved: 'token of TF_LOG', now: 'absent' },
    { part: 'inputs', name: 'variable region', approved: 'token of region', now: 'other' },
  ])
})

test('a hash function that is not SHA-256 is a bug, not a digest', () => {
  const broken = { ...nodePrimitives, sha256Hex: () => 'abc' }

  assert.throws(() => digestOf({}, broken), {
    message: 'a SHA-256 function must return 64 hex digits',
  })
})
