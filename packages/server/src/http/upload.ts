/**
 * Reads an upload's bytes as they come, each held once, and stops at the limit before memory does.
 * The room for them is made from the length that was said; what comes without one is collected.
 */
import type { IncomingMessage } from 'node:http'
import { Fault } from '../io/fault.ts'
import { EVIDENCE_BYTES_MAX } from '../store/evidence.ts'

type Incoming = Pick<IncomingMessage, 'headers'> & AsyncIterable<unknown>

/** Throws a `too_large` Fault beyond `bytesMax`: before the first byte where a length was said. */
export async function readUpload(
  incoming: Incoming,
  bytesMax: number = EVIDENCE_BYTES_MAX,
): Promise<Uint8Array> {
  const said = incoming.headers['content-length']
  if (said === undefined) return await collect(incoming, bytesMax)
  const length = Number(said)
  if (!Number.isSafeInteger(length) || length > bytesMax) throw tooLarge(bytesMax)
  return await fill(incoming, Buffer.alloc(length))
}

/** What all uploads may hold at one time: two of the largest. */
const HELD_BYTES_MAX = 2 * EVIDENCE_BYTES_MAX

export type WithUpload = <T>(
  incoming: Incoming,
  use: (bytes: Uint8Array) => Promise<T>,
) => Promise<T>

/**
 * Uploads that share one room, counted by the bytes that came and until they were used: many at
 * once are refused with `quota_exceeded` before they take the server's memory.
 */
export function createUploads(heldBytesMax: number = HELD_BYTES_MAX): WithUpload {
  let held = 0
  return async (incoming, use) => {
    let mine = 0
    async function* counted(): AsyncGenerator<unknown> {
      for await (const part of incoming) {
        const length = part instanceof Uint8Array ? part.length : 0
        mine += length
        held += length
        if (held > heldBytesMax) throw busy()
        yield part
      }
    }
    try {
      const { headers } = incoming
      return await use(await readUpload(Object.assign(counted(), { headers })))
    } finally {
      held -= mine
    }
  }
}

function busy(): Fault {
  return new Fault(
    'quota_exceeded',
    'other documents are being stored; send it again in a moment',
    {
      retryable: true,
    },
  )
}

/** More bytes than were said do not come this far: they are no HTTP. */
async function fill(incoming: Incoming, room: Buffer): Promise<Uint8Array> {
  let length = 0
  for await (const part of incoming) {
    if (!(part instanceof Uint8Array)) continue
    room.set(part, length)
    length += part.length
  }
  return room.subarray(0, length)
}

async function collect(incoming: Incoming, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of incoming) {
    if (!(part instanceof Uint8Array)) continue
    length += part.length
    if (length > bytesMax) throw tooLarge(bytesMax)
    parts.push(part)
  }
  const room = Buffer.alloc(length)
  // From the end, so that each part can go as soon as it is copied.
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    length -= part.length
    room.set(part, length)
  }
  return room
}

function tooLarge(bytesMax: number): Fault {
  return new Fault(
    'too_large',
    `it has more than the ${bytesMax / (1024 * 1024)} MiB that a document may have; split the ` +
      'root module, or plan a part of it with -target',
  )
}
