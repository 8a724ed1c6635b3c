/**
 * How the log lies on disk and behind HTTP: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
 * Tiles of 256 hashes at every eighth level of the tree, bundles of 256 entries, and the paths
 * of both. A partial tile is never hashed into the level above, or the tree could not grow.
 */

import { joinBytes } from './bytes.ts'
import { HASH_BYTES, type LeafRange, nodeHash, treeRoot } from './merkle.ts'
import type { Primitives } from './primitives.ts'

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256
const TILE_HEIGHT = 8
const TILE_LEVEL_MAX = 63
/** The length prefix of an entry has 16 bits. */
const LENGTH_MAX = 0xffff

/** Place of a tile: `level` 0 holds leaf hashes; `width` is 256 unless the tile is partial. */
export interface Tile {
  readonly level: number
  readonly index: number
  readonly width: number
}

/** Place of an entry bundle; it holds the entries behind the level-0 tile of the same index. */
export interface EntryBundle {
  readonly index: number
  readonly width: number
}

/** `tile/0/x001/x234/067.p/12`, relative to the log's prefix. Throws on an impossible place. */
export function tilePath(tile: Tile): string {
  if (!isWithin(tile.level, 0, TILE_LEVEL_MAX)) throw new RangeError('a tile level is 0 to 63')
  return `tile/${tile.level}/${placePath(tile)}`
}

/** `tile/entries/000.p/12`, relative to the log's prefix. Throws on an impossible place. */
export function entryBundlePath(bundle: EntryBundle): string {
  return `tile/entries/${placePath(bundle)}`
}

const PATH =
  /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*)([0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

export type TilePlace =
  | { readonly kind: 'tile'; readonly tile: Tile }
  | { readonly kind: 'entries'; readonly bundle: EntryBundle }

/** The place a path names, or `null` when it is not exactly how that place is written. */
export function parseTilePath(path: string): TilePlace | null {
  const [, level = '', groups = '', last = '', partial] = PATH.exec(path) ?? []
  const index = Number(groups.replace(/[x/]/g, '') + last)
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  // A path with needless leading groups (`x000/067`) names the same place twice: only one is it.
  if (level === 'entries') {
    const bundle: EntryBundle = { index, width }
    return isPlace(bundle) && entryBundlePath(bundle) === path ? { kind: 'entries', bundle } : null
  }
  const tile: Tile = { level: Number(level), index, width }
  if (!isPlace(tile) || tile.level > TILE_LEVEL_MAX) return null
  return tilePath(tile) === path ? { kind: 'tile', tile } : null
}

/** Every tile of a tree of this size, level by level, the partial one of each level last. */
export function tilesOf(size: number): readonly Tile[] {
  return tilesBetween({ start: 0, end: size })
}

/** The tiles that a tree of `end` leaves needs and a tree of `start` leaves did not have. */
export function tilesBetween({ start, end }: LeafRange): readonly Tile[] {
  requireSizes({ start, end })
  const tiles: Tile[] = []
  let before = start
  let after = end
  for (let level = 0; after > 0; level += 1) {
    if (after > before) {
      for (const place of placesBetween({ start: before, end: after })) {
        tiles.push({ level, ...place })
      }
    }
    before = Math.floor(before / TILE_WIDTH)
    after = Math.floor(after / TILE_WIDTH)
  }
  return tiles
}

/** The bundles that a log of `end` entries needs and a log of `start` entries did not have. */
export function entryBundlesBetween({ start, end }: LeafRange): readonly EntryBundle[] {
  requireSizes({ start, end })
  return end > start ? placesBetween({ start, end }) : []
}

/** The leaves below a tile: `start` to `end`, counting only whole hashes of it. */
export function leavesOf(tile: Tile): LeafRange {
  const leavesPerHash = TILE_WIDTH ** tile.level
  const first = tile.index * TILE_WIDTH
  return { start: first * leavesPerHash, end: (first + tile.width) * leavesPerHash }
}

/**
 * Bytes of a tile, from the hashes that it holds: leaf hashes at level 0, above that the
 * `fullTileHash` of each full tile below. Throws unless it gets exactly `tile.width` hashes.
 */
export function tileBytes(tile: Tile, hashes: readonly Uint8Array[]): Uint8Array {
  if (!isPlace(tile) || hashes.length !== tile.width) {
    throw new RangeError(`a tile of width ${tile.width} does not hold ${hashes.length} hashes`)
  }
  if (hashes.some((hash) => hash.length !== HASH_BYTES)) {
    throw new RangeError(`a hash has ${HASH_BYTES} bytes`)
  }
  return joinBytes(hashes)
}

/** The one hash that stands for a full tile in the level above. Throws if it is partial. */
export function fullTileHash(primitives: Primitives, hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length !== TILE_WIDTH) {
    throw new RangeError('only a full tile is hashed into the level above')
  }
  return treeRoot(primitives, hashes)
}

export interface NamedBytes {
  readonly path: string
  readonly bytes: Uint8Array
}

/** All tiles of the tree over these leaf hashes, for an export. Costs one pass over the leaves. */
export function buildTiles(
  primitives: Primitives,
  leafHashes: readonly Uint8Array[],
): readonly NamedBytes[] {
  const built: NamedBytes[] = []
  let hashes = leafHashes
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Uint8Array[] = []
    for (const place of placesBetween({ start: 0, end: hashes.length })) {
      const tile: Tile = { level, ...place }
      const first = tile.index * TILE_WIDTH
      const held = hashes.slice(first, first + tile.width)
      built.push({ path: tilePath(tile), bytes: tileBytes(tile, held) })
      if (tile.width === TILE_WIDTH) above.push(fullTileHash(primitives, held))
    }
    hashes = above
  }
  return built
}

export type ParsedTile =
  | { readonly ok: true; readonly hashes: readonly Uint8Array[] }
  | { readonly ok: false; readonly problem: string }

/** Hashes of a tile of this width; anything but exactly that many bytes is refused. */
export function parseTile(bytes: Uint8Array, width: number): ParsedTile {
  if (bytes.length !== width * HASH_BYTES) {
    const problem = `a tile of width ${width} has ${width * HASH_BYTES} bytes, not ${bytes.length}`
    return { ok: false, problem }
  }
  const hashes = Array.from({ length: width }, (_, at) =>
    bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  )
  return { ok: true, hashes }
}

export type FormattedBundle =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: string }

/** One bundle of 1 to 256 entries: each a big-endian 16-bit length and that many bytes. */
export function formatEntryBundle(entries: readonly Uint8Array[]): FormattedBundle {
  if (!isWithin(entries.length, 1, TILE_WIDTH)) {
    const problem = `a bundle holds 1 to ${TILE_WIDTH} entries, not ${entries.length}`
    return { ok: false, problem }
  }
  const parts: Uint8Array[] = []
  for (const [at, entry] of entries.entries()) {
    if (entry.length > LENGTH_MAX) {
      const problem = `entry ${at} of the bundle has ${entry.length} bytes, more than ${LENGTH_MAX}`
      return { ok: false, problem }
    }
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry)
  }
  return { ok: true, bytes: joinBytes(parts) }
}

export type ParsedBundle =
  | { readonly ok: true; readonly entries: readonly Uint8Array[] }
  | { readonly ok: false; readonly problem: string }

/** The entries of a bundle of this width; fewer, more, cut off or left over is refused. */
export function parseEntryBundle(bytes: Uint8Array, width: number): ParsedBundle {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length && entries.length < width) {
    const [high, low] = bytes.subarray(at, at + 2)
    if (high === undefined || low === undefined) return cutOff(entries.length)
    const end = at + 2 + high * 256 + low
    if (end > bytes.length) return cutOff(entries.length)
    entries.push(bytes.slice(at + 2, end))
    at = end
  }
  if (entries.length < width) {
    return { ok: false, problem: `the bundle has ${entries.length} entries, not ${width}` }
  }
  if (at < bytes.length) {
    const problem = `the bundle has ${bytes.length - at} bytes after its ${width} entries`
    return { ok: false, problem }
  }
  return { ok: true, entries }
}

function cutOff(at: number): ParsedBundle {
  return { ok: false, problem: `the bundle is cut off inside entry ${at}` }
}

/** Some hashes of one tile: `count` of them from `first`, whose root is one node of the tree. */
export interface TileNode {
  readonly tile: Tile
  readonly first: number
  readonly count: number
}

/**
 * Where to read the root of a subtree of a tree of `size` leaves: the nodes, left to right,
 * whose hashes `foldNodes` folds into it. A few tile reads give any proof of `inclusionRanges`.
 */
export function nodesOf(range: LeafRange, size: number): readonly TileNode[] {
  requireSizes(range)
  requireSizes({ start: range.end, end: size })
  const nodes: TileNode[] = []
  let start = range.start
  while (start < range.end) {
    let width = 1
    let height = 0
    while (start % (width * 2) === 0 && start + width * 2 <= range.end) {
      width *= 2
      height += 1
    }
    nodes.push(nodeAt({ start, end: start + width }, height, size))
    start += width
  }
  return nodes
}

/** Root of a subtree from the hashes of its `nodesOf`, node by node. */
export function foldNodes(
  primitives: Primitives,
  nodes: readonly (readonly Uint8Array[])[],
): Uint8Array {
  const roots = nodes.map((hashes) => treeRoot(primitives, hashes))
  if (roots.length === 0) return treeRoot(primitives, [])
  return roots.reduceRight((right, left) => nodeHash(primitives, left, right))
}

function nodeAt(range: LeafRange, height: number, size: number): TileNode {
  const level = Math.floor(height / TILE_HEIGHT)
  const leavesPerHash = TILE_WIDTH ** level
  const at = range.start / leavesPerHash
  const index = Math.floor(at / TILE_WIDTH)
  const hashesOfLevel = Math.floor(size / leavesPerHash)
  const width = Math.min(TILE_WIDTH, hashesOfLevel - index * TILE_WIDTH)
  const count = (range.end - range.start) / leavesPerHash
  return { tile: { level, index, width }, first: at % TILE_WIDTH, count }
}

function placesBetween({ start, end }: LeafRange): readonly EntryBundle[] {
  const places: EntryBundle[] = []
  for (let index = Math.floor(start / TILE_WIDTH); index * TILE_WIDTH < end; index += 1) {
    places.push({ index, width: Math.min(TILE_WIDTH, end - index * TILE_WIDTH) })
  }
  return places
}

function placePath(place: EntryBundle): string {
  if (!isPlace(place)) throw new RangeError('a tile has an index from 0 and a width of 1 to 256')
  const digits = String(place.index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.replace(/[0-9]{3}(?=[0-9])/g, 'x$&/')
  return place.width === TILE_WIDTH ? groups : `${groups}.p/${place.width}`
}

function isPlace(place: EntryBundle): boolean {
  return isWithin(place.index, 0, Number.MAX_SAFE_INTEGER) && isWithin(place.width, 1, TILE_WIDTH)
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}

function requireSizes({ start, end }: LeafRange): void {
  if (!isWithin(end, 0, Number.MAX_SAFE_INTEGER) || !isWithin(start, 0, end)) {
    throw new RangeError(`sizes ${start} and ${end} are not in order`)
  }
}
