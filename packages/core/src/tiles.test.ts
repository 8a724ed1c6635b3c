import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { inclusionRanges, leafHash, treeRoot, verifyInclusion } from './merkle.ts'
import {
  buildTiles,
  entryBundlePath,
  entryBundlesBetween,
  foldNodes,
  formatEntryBundle,
  fullTileHash,
  leavesOf,
  nodesOf,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  tileBytes,
  tilePath,
  tilesBetween,
  tilesOf,
} from './tiles.ts'

const leafHashes = Array.from({ length: 1100 }, (_, at) =>
  leafHash(nodePrimitives, Uint8Array.of(at >> 8, at & 255)),
)

for (const [tile, path] of [
  [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
  [{ level: 0, index: 273, width: 112 }, 'tile/0/273.p/112'],
  [{ level: 0, index: 1000, width: 256 }, 'tile/0/x001/000'],
  [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
  [{ level: 63, index: 999_999, width: 1 }, 'tile/63/x999/999.p/1'],
] as const) {
  test(`the tile at level ${tile.level}, index ${tile.index} lies at ${path}`, () => {
    assert.equal(tilePath(tile), path)
    assert.deepEqual(parseTilePath(path), { kind: 'tile', tile })
  })
}

test('an entry bundle lies beside the tiles', () => {
  const bundle = { index: 1_234_067, width: 7 }

  assert.equal(entryBundlePath(bundle), 'tile/entries/x001/x234/067.p/7')
  assert.deepEqual(parseTilePath('tile/entries/x001/x234/067.p/7'), { kind: 'entries', bundle })
})

for (const path of [
  '',
  'checkpoint',
  'tile/0/0',
  'tile/0/0000',
  'tile/00/000',
  'tile/64/000',
  'tile/-1/000',
  'tile/0/x000/067',
  'tile/0/001/067',
  'tile/0/x001/x067',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  'tile/0/000.p/',
  'tile/0/000\n',
  '/tile/0/000',
  'tile/0/../000',
  'tile/entries/x000/000',
  'tile/entries/000.p/300',
  'tile/data/000',
  'tile/0/x999/x999/x999/x999/x999/x999/999',
]) {
  test(`no tile lies at ${JSON.stringify(path)}`, () => {
    assert.equal(parseTilePath(path), null)
  })
}

test('an impossible place has no path', () => {
  for (const place of [
    { level: 0, index: -1, width: 256 },
    { level: 0, index: 0, width: 0 },
    { level: 0, index: 0, width: 257 },
    { level: 0, index: 0.5, width: 1 },
    { level: 64, index: 0, width: 1 },
    { level: 0.5, index: 0, width: 1 },
  ]) {
    assert.throws(() => tilePath(place), RangeError)
  }
  assert.throws(() => entryBundlePath({ index: -1, width: 1 }), RangeError)
})

test('a log of 70,000 has the tiles that the specification counts', () => {
  const tiles = tilesOf(70_000)

  assert.equal(tiles.filter(({ level, width }) => level === 0 && width === 256).length, 273)
  assert.deepEqual(tiles.slice(273), [
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 0, width: 256 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ])
})

test('a log of 256 has one full tile and its hash in the level above; an empty one has none', () => {
  assert.deepEqual(tilesOf(256), [
    { level: 0, index: 0, width: 256 },
    { level: 1, index: 0, width: 1 },
  ])
  assert.deepEqual(tilesOf(0), [])
})

test('growth needs only the tiles that were not there before', () => {
  assert.deepEqual(tilesBetween({ start: 250, end: 258 }), [
    { level: 0, index: 0, width: 256 },
    { level: 0, index: 1, width: 2 },
    { level: 1, index: 0, width: 1 },
  ])
  assert.deepEqual(tilesBetween({ start: 256, end: 257 }), [{ level: 0, index: 1, width: 1 }])
  assert.deepEqual(tilesBetween({ start: 300, end: 300 }), [])
  assert.deepEqual(entryBundlesBetween({ start: 250, end: 258 }), [
    { index: 0, width: 256 },
    { index: 1, width: 2 },
  ])
  assert.deepEqual(entryBundlesBetween({ start: 256, end: 256 }), [])
  assert.throws(() => tilesBetween({ start: 2, end: 1 }), RangeError)
  assert.throws(() => tilesBetween({ start: 0, end: 0.5 }), RangeError)
})

test('tiles built from leaves are those of that size, and hold the roots of what is below', () => {
  const built = buildTiles(nodePrimitives, leafHashes)

  assert.deepEqual(
    built.map(({ path }) => path),
    tilesOf(1100).map(tilePath),
  )
  const level1 = parseTile(built.at(-1)?.bytes ?? new Uint8Array(0), 4)
  const expected = [0, 1, 2, 3].map((index) => {
    const { start, end } = leavesOf({ level: 0, index, width: 256 })
    return treeRoot(nodePrimitives, leafHashes.slice(start, end))
  })
  assert.deepEqual(level1, { ok: true, hashes: expected })
})

test('a tile covers its leaves, whatever its level', () => {
  assert.deepEqual(leavesOf({ level: 0, index: 3, width: 5 }), { start: 768, end: 773 })
  assert.deepEqual(leavesOf({ level: 1, index: 1, width: 17 }), { start: 65_536, end: 69_888 })
})

test('only a full tile is hashed into the level above, and a tile holds only its hashes', () => {
  assert.throws(() => fullTileHash(nodePrimitives, leafHashes.slice(0, 255)), RangeError)
  const tile = { level: 0, index: 0, width: 2 }
  assert.throws(() => tileBytes(tile, leafHashes.slice(0, 3)), RangeError)
  assert.throws(() => tileBytes({ ...tile, width: 0 }, []), RangeError)
  assert.throws(() => tileBytes(tile, [new Uint8Array(32), new Uint8Array(31)]), RangeError)
})

test('a tile of another length than its width says is refused', () => {
  assert.deepEqual(parseTile(new Uint8Array(65), 2), {
    ok: false,
    problem: 'a tile of width 2 has 64 bytes, not 65',
  })
})

test('every inclusion proof of a log of 1,100 can be read from its tiles', () => {
  const size = leafHashes.length
  const root = treeRoot(nodePrimitives, leafHashes)
  const files = new Map(buildTiles(nodePrimitives, leafHashes).map((f) => [f.path, f.bytes]))
  let fromUpperLevel = 0
  for (let index = 0; index < size; index += 7) {
    const proof = inclusionRanges(index, size).map((range) => {
      const nodes = nodesOf(range, size).map(({ tile, first, count }) => {
        const parsed = parseTile(files.get(tilePath(tile)) ?? new Uint8Array(0), tile.width)
        assert.ok(parsed.ok)
        if (tile.level > 0) fromUpperLevel += 1
        return parsed.hashes.slice(first, first + count)
      })
      return foldNodes(nodePrimitives, nodes)
    })
    const claim = { index, size, leafHash: leafHashes[index] ?? root, proof, root }
    assert.deepEqual(verifyInclusion(nodePrimitives, claim), { ok: true })
  }
  assert.ok(fromUpperLevel > 100, `${fromUpperLevel} hashes came from level 1`)
  assert.deepEqual(foldNodes(nodePrimitives, []), treeRoot(nodePrimitives, []))
  assert.throws(() => nodesOf({ start: 0, end: 2 }, 1), RangeError)
})

test('entries come back from a bundle as they went in, empty and longest ones too', () => {
  const entries = [new Uint8Array(0), Uint8Array.of(1, 2), new Uint8Array(65_535).fill(7)]

  const formatted = formatEntryBundle(entries)

  assert.ok(formatted.ok)
  assert.deepEqual([...formatted.bytes.subarray(0, 8)], [0, 0, 0, 2, 1, 2, 255, 255])
  assert.deepEqual(parseEntryBundle(formatted.bytes, 3), { ok: true, entries })
})

test('an entry longer than 65,535 bytes is refused, not cut', () => {
  const entries = [new Uint8Array(1), new Uint8Array(65_536)]

  assert.deepEqual(formatEntryBundle(entries), {
    ok: false,
    problem: 'entry 1 of the bundle has 65536 bytes, more than 65535',
  })
})

test('a bundle holds 1 to 256 entries', () => {
  const many = Array.from({ length: 257 }, () => new Uint8Array(1))

  assert.deepEqual(formatEntryBundle([]), {
    ok: false,
    problem: 'a bundle holds 1 to 256 entries, not 0',
  })
  assert.deepEqual(formatEntryBundle(many), {
    ok: false,
    problem: 'a bundle holds 1 to 256 entries, not 257',
  })
})

for (const [bytes, width, problem] of [
  [[0], 1, 'the bundle is cut off inside entry 0'],
  [[0, 1, 7, 0, 2, 9], 2, 'the bundle is cut off inside entry 1'],
  [[0, 1, 7], 2, 'the bundle has 1 entries, not 2'],
  [[], 1, 'the bundle has 0 entries, not 1'],
  [[0, 1, 7, 0, 0], 1, 'the bundle has 2 bytes after its 1 entries'],
] as const) {
  test(`a bundle of ${width} is refused: ${problem} (${bytes.length} bytes)`, () => {
    assert.deepEqual(parseEntryBundle(Uint8Array.from(bytes), width), { ok: false, problem })
  })
}
