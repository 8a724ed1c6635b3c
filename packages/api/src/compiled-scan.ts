/**
 * The scan of a document by WebAssembly: what core's json-scan.ts finds, several times as fast in a
 * process that has just begun. What it does not accept at once it leaves to that one. A document is
 * best read into a room of its memory, so that there is never a second copy of a large one.
 */
import { type JsonScanned, type Primitives, SCAN_LOGS, ScanLogs } from '@holdpoint/core'
import { SCAN_TABLES } from './compiled-tables.ts'
import { SCAN_CODE } from './scan-code.ts'

/**
 * The part of WebAssembly's JavaScript interface that is used: Node's types lack it, and so does
 * Node where it may not make machine code.
 */
declare const WebAssembly:
  | {
      readonly Module: new (code: Uint8Array) => object
      readonly Memory: new (pages: { readonly initial: number }) => Memory
      readonly Instance: new (
        module: object,
        imports: { readonly [module: string]: object },
      ) => { readonly exports: { readonly [name: string]: unknown } }
      readonly CompileError: new () => Error
    }
  | undefined

interface Memory {
  readonly buffer: ArrayBuffer
  /** Detaches `buffer`, and whoever looks into it. */
  readonly grow: (pages: number) => number
}

/** A page of WebAssembly's memory. */
const PAGE_BYTES = 65_536
/** Documents up to this are copied into a memory that is kept; larger ones need a room. */
const COPIED_BYTES_MAX = 1 << 20
/** Zero behind the document, where its end is looked for. */
const BEHIND_BYTES = 16

interface Scanner {
  /** For a document that lies at `from` to `to` of its room: its value's end, 0 where it is left. */
  readonly scan: (from: number, to: number, logs: ScanLogs) => number
  readonly room: Uint8Array<ArrayBuffer>
}

const rooms = new WeakMap<ArrayBufferLike, Scanner>()
let shared: Scanner | null = null
let code: object | null = null
/** Its words are read as this machine has them. */
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1
let isUsable = typeof WebAssembly === 'object' && isLittleEndian

/** Room for a document of so many bytes, to be filled whole; zero until then. */
export function roomFor(bytes: number): Uint8Array<ArrayBuffer> {
  const scanner = newScanner(bytes)
  if (scanner === null) return new Uint8Array(bytes)
  rooms.set(scanner.room.buffer, scanner)
  return scanner.room
}

export interface ScanPrimitives extends Pick<Primitives, 'text'> {
  /** SHA-256 in lower-case hex. */
  readonly digest: (data: Uint8Array) => string
}

/** Null where core's own scan has to look. */
export function compiledScan(document: Uint8Array, primitives: ScanPrimitives): JsonScanned | null {
  const logs = new ScanLogs(document, primitives)
  const own = scannerOf(document)
  if (own === null) {
    const end = copiedEnd(document, logs)
    return end === 0 ? null : logs.scanned(end)
  }
  const end = own.scan(document.byteOffset - own.room.byteOffset, own.room.length, logs)
  return end === 0 ? null : logs.scanned(end)
}

/** Of a document that lies in a room and ends with it. */
function scannerOf({ buffer, byteOffset, byteLength }: Uint8Array): Scanner | null {
  const own = rooms.get(buffer)
  if (own === undefined || byteOffset < own.room.byteOffset) return null
  return byteOffset + byteLength === own.room.byteOffset + own.room.length ? own : null
}

function copiedEnd(document: Uint8Array, logs: ScanLogs): number {
  const { length } = document
  if (length > COPIED_BYTES_MAX) return 0
  shared ??= newScanner(COPIED_BYTES_MAX)
  if (shared === null) return 0
  shared.room.set(document)
  shared.room.fill(0, length, length + BEHIND_BYTES)
  return shared.scan(0, length, logs)
}

/**
 * Null where no memory is to be had, as it takes more of the address space than it has bytes, and
 * where the processor lacks what the code is compiled for.
 */
function newScanner(bytes: number): Scanner | null {
  if (!isUsable || WebAssembly === undefined) return null
  try {
    return scannerFor(bytes, WebAssembly)
  } catch (cause) {
    if (cause instanceof WebAssembly.CompileError) isUsable = false
    else if (!(cause instanceof RangeError)) throw cause
    return null
  }
}

function scannerFor(bytes: number, wasm: NonNullable<typeof WebAssembly>): Scanner {
  code ??= new wasm.Module(Buffer.from(SCAN_CODE, 'base64'))
  let logs: ScanLogs | null = null
  let words = new Int32Array()
  const take = (log: number, count: number): void => {
    const name = SCAN_LOGS[log]
    const at = (logPlaces[log] ?? 0) / words.BYTES_PER_ELEMENT
    if (name !== undefined) logs?.take(name, words.subarray(at, at + count))
  }
  let texts = new Uint8Array()
  const digest = (element: number, count: number): void => {
    logs?.digest(element, texts.subarray(0, count))
  }
  const memory = new wasm.Memory({ initial: 0 })
  const { exports } = new wasm.Instance(code, { env: { memory }, scan: { take, digest } })
  const place = (name: string): number => placeIn(exports[name])
  const { scan } = exports
  if (typeof scan !== 'function') throw new Error('the compiled scan is not whole')
  const logPlaces = ['ELEMENTS', 'MEMBERS', 'NUMBERS'].map(place)
  const start = place('DOCUMENT')
  memory.grow(Math.ceil((start + bytes + BEHIND_BYTES) / PAGE_BYTES))
  words = new Int32Array(memory.buffer)
  const all = new Uint8Array(memory.buffer)
  texts = all.subarray(place('TEXT'))
  for (const [name, table] of SCAN_TABLES) all.set(table, place(name))
  return {
    room: all.subarray(start, start + bytes),
    scan: (from, to, given) => {
      logs = given
      const end = Number(scan(start + from, start + to))
      logs = null
      return end
    },
  }
}

function placeIn(exported: unknown): number {
  const isGlobal = typeof exported === 'object' && exported !== null && 'value' in exported
  const place = isGlobal ? exported.value : null
  if (typeof place !== 'number') throw new Error('the compiled scan lacks a place')
  return place
}
