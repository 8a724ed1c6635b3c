/** Laws of reading over plans that real tools wrote, and over damage to them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  isRaw,
  parseLossless,
  rawNumber,
  respellLossless,
} from '../../../../test/fixtures/lossless-json.ts'
import { mutated, mutations } from '../../../../test/fixtures/mutated.ts'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import { recordedPlans } from '../../../../test/fixtures/recorded-plans.ts'
import { pathsOf, replaceAt } from '../../../../test/fixtures/terraform-arbitraries.ts'
import { keyedHide, offlineHide } from '../hiders.ts'
import { digestPlan, inspectDigest } from '../plan-digest.ts'
import { redact } from '../redact.ts'
import { safeText } from '../safe-text.ts'
import { readPlan } from './registry.ts'

const SEED = Number(process.env['SEED'] ?? 20_261_125)
const hide = keyedHide(new Uint8Array(32).fill(1), primitives)

interface Document {
  readonly file: string
  readonly isLines: boolean
  /** Of lines, a list of them. */
  readonly value: unknown
}

const documents: readonly Document[] = recordedPlans().map(({ file, bytes }) => {
  const text = new TextDecoder().decode(bytes)
  const isLines = file.endsWith('.ndjson')
  const lines = isLines ? `[${text.trimEnd().split('\n').join(',')}]` : text
  return { file, isLines, value: parseLossless(lines) }
})

function spell(document: Document, print: (value: unknown) => string): string {
  if (!document.isLines || !Array.isArray(document.value)) return print(document.value)
  // A line feed would end the event.
  return document.value.map((line) => `${print(line).replaceAll(/[\r\n]/g, ' ')}\n`).join('')
}

interface Digests {
  readonly plan: string
  readonly inspect: string
}

function digestsOf(text: string): Digests | null {
  const parsed = readPlan(primitives.utf8(text), primitives)
  if (!parsed.ok) return null
  return {
    plan: digestPlan(redact(parsed.plan, hide), primitives).plan,
    inspect: inspectDigest(redact(parsed.plan, offlineHide), primitives),
  }
}

const TIMES = /"(timestamp|CreationTime|created|modified)":\s*("[^"]*"|\d+)/g

test('spelling, order of keys and times change no digest of any recorded plan', () => {
  for (const document of documents) {
    const plain = spell(document, JSON.stringify)
    const other = spell(document, respellLossless)

    assert.deepEqual(digestsOf(other), digestsOf(plain), document.file)
    const later = plain.replaceAll(TIMES, (_all, name, value) => {
      return `"${name}":${String(value).startsWith('"') ? '"2031-05-05T05:05:05Z"' : '1930000000'}`
    })
    assert.deepEqual(digestsOf(later), digestsOf(plain), document.file)
  }
})

/** Parts whose leaves all act, and how to know an entry that does nothing. */
const ACTING = [
  'resource_changes',
  'output_changes',
  'deferred_changes',
  'action_invocations',
  'deferred_action_invocations',
  'Changes',
  'steps',
] as const

/** Not part of what is approved: said elsewhere in the entry, or of no effect. */
const SILENT: ReadonlySet<string> = new Set([
  ...['index', 'generated_config', 'urn', 'type', 'provider', 'parent', 'custom'],
  // Of a replacement each step says the same again.
  ...['replaceReasons', 'diffReasons', 'detailedDiff', 'external', 'importID'],
  // A preview of Pulumi says of no secret whether it changes, and the plan says so.
  ...['plaintext', '4dabf18193072939515e22adb298388d'],
])
/** Of the steps of a replacement one stands for all, and the others are kept where they differ. */
const OTHERS = ['delete-replaced', 'create-replacement']
const IDLE: ReadonlySet<unknown> = new Set(['same', 'refresh', ...OTHERS])

function acts(entry: unknown): boolean {
  const actions = Reflect.get(Object(Reflect.get(Object(entry), 'change')), 'actions')
  const own = Reflect.get(Object(entry), 'actions')
  const noop = [actions, own].some((list) => JSON.stringify(list) === '["no-op"]')
  return !noop && !IDLE.has(Reflect.get(Object(entry), 'op'))
}

type Path = readonly (string | number)[]

function actingPaths(document: Document): readonly Path[] {
  if (document.isLines || Array.isArray(document.value)) return []
  return ACTING.flatMap((part) => {
    const entries = Reflect.get(Object(document.value), part)
    return Object.entries(Object(entries)).flatMap(([key, entry]) => {
      const step = Array.isArray(entries) ? Number(key) : key
      if (!acts(entry)) return []
      return pathsOf(entry).map((path) => [part, step, ...path])
    })
  }).filter((path) => !isSilent(path))
}

/** The name of an action is the end of its address. */
function isSilent(path: Path): boolean {
  if (String(path[0]).includes('action') && path.at(-1) === 'name') return true
  return path.slice(2).some((step) => SILENT.has(String(step)))
}

function other(leaf: unknown): unknown {
  if (isRaw(leaf)) return rawNumber(Reflect.get(Object(leaf), 'rawJSON') === '7' ? '8' : '7')
  if (typeof leaf === 'boolean') return !leaf
  // Around the sign for what is not known yet any text is as unknown.
  return typeof leaf === 'string' && !leaf.includes('04da6b54-') ? `${leaf}x` : 'x'
}

function isEmptyLeaf(value: unknown, path: Path): boolean {
  const leaf = path.reduce<unknown>((inner, step) => Reflect.get(Object(inner), step), value)
  return typeof leaf === 'object' && leaf !== null && !isRaw(leaf)
}

test('another leaf of any recorded entry that acts is another digest', () => {
  let hidden = 0
  const touched = new Map<string, number>()
  // By document first: the large ones would leave nothing for the others.
  const candidates = documents
    .map((document) => ({ document, paths: leafPaths(document) }))
    .filter(({ paths }) => paths.length > 0)
  const property = fc.property(fc.nat(candidates.length - 1), fc.nat(), (pick, at) => {
    const { document, paths } = candidates[pick] ?? { document: null, paths: [] }
    const path = paths[at % paths.length]
    assert.ok(document !== null && path !== undefined)
    const before = digestsOf(JSON.stringify(document.value))
    const after = digestsOf(JSON.stringify(replaceAt(document.value, path, other)))
    assert.ok(before !== null)

    if (after === null) return
    assert.notEqual(after.plan, before.plan, `${document.file} ${path.join('.')}`)
    if (after.inspect === before.inspect) hidden += 1
    const part = String(path[0])
    touched.set(part, (touched.get(part) ?? 0) + 1)
  })
  fc.assert(property, { seed: SEED, numRuns: 1_000 })
  for (const part of ['resource_changes', 'Changes', 'steps', 'deferred_changes']) {
    assert.ok((touched.get(part) ?? 0) > 5, `seed ${SEED}, ${part}: ${touched.get(part)}`)
  }
  assert.ok(hidden > 5 && hidden < 300, `seed ${SEED}: ${hidden} only under a key`)
})

function leafPaths(document: Document): readonly Path[] {
  const paths = actingPaths(document).map(pathWithoutRaw)
  return paths.filter((path) => !isEmptyLeaf(document.value, path))
}

/** `pathsOf` steps into raw numbers, which are objects with one member. */
function pathWithoutRaw(path: Path): Path {
  return path.at(-1) === 'rawJSON' ? path.slice(0, -1) : path
}

/** Entries of which the text itself says that they change nothing. */
function saidIdle(value: unknown): { readonly entries: number; readonly idle: number } {
  const entries = listIn(value, 'resource_changes')
  const idle = entries.filter((entry) => !acts(entry)).length
  return { entries: entries.length, idle }
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = Reflect.get(Object(value), key)
  return Array.isArray(list) ? list : []
}

interface Ran {
  refused: number
  whole: number
  shown: number
}

/** Refused in one safe sentence, or every entry is there and none is idle unsaid. */
function assertNothingLost(text: string, ran: Ran): void {
  const started = performance.now()
  const parsed = readPlan(primitives.utf8(text), primitives)
  assert.ok(performance.now() - started < 2_000)
  if (!parsed.ok) {
    ran.refused += 1
    assert.equal(safeText(parsed.refusal.message).escaped, false)
    return
  }
  const { resources } = parsed.plan
  inspectDigest(redact(parsed.plan, offlineHide), primitives)
  ran.whole += 1
  if (parsed.plan.tool !== 'terraform' && parsed.plan.tool !== 'opentofu') return
  const said = saidIdle(JSON.parse(text))
  const idle = resources.filter(({ action }) => action === 'noop').length
  assert.equal(resources.length, said.entries)
  assert.ok(idle <= said.idle, `${idle} are idle, and ${said.idle} say so`)
  if (idle < resources.length) ran.shown += 1
}

test('any recorded plan with damage in its structure is refused or shows every change', () => {
  const ran: Ran = { refused: 0, whole: 0, shown: 0 }
  const property = fc.property(fc.nat(documents.length - 1), mutations, (pick, changes) => {
    const document = documents[pick]
    assert.ok(document !== undefined)
    const plain = JSON.parse(JSON.stringify(document.value))
    const value = mutated(plain, changes)
    assertNothingLost(spell({ ...document, value }, JSON.stringify), ran)
  })
  fc.assert(property, { seed: SEED, numRuns: 1_000 })
  assert.ok(
    ran.refused > 15 && ran.whole > 300 && ran.shown > 200,
    JSON.stringify({ SEED, ...ran }),
  )
})

test('any recorded plan with damaged characters is refused or shows every change', () => {
  const ran: Ran = { refused: 0, whole: 0, shown: 0 }
  const texts = documents.map((document) => spell(document, JSON.stringify))
  const characters = '{}[]:,"\\ 0123456789.eE+-truefalsn'
  const damage = fc.record({ at: fc.nat(), size: fc.nat(60), put: fc.nat(characters.length - 1) })
  const property = fc.property(fc.nat(texts.length - 1), damage, (pick, { at, size, put }) => {
    const text = texts[pick] ?? ''
    const from = at % text.length
    // Half of the damage is a character in place of another, the other half a gap.
    const gap = size > 30 ? size - 30 : 1
    const piece = size > 30 ? '' : characters.charAt(put)
    assertNothingLost(text.slice(0, from) + piece + text.slice(from + gap), ran)
  })
  fc.assert(property, { seed: SEED, numRuns: 1_500 })
  assert.ok(ran.refused > 300 && ran.shown > 100, JSON.stringify({ SEED, ...ran }))
})
