/** Reads an upload's bytes as they come, and stops at the limit before memory does. */
import type { FastifyRequest } from 'fastify'
import { Fault } from '../io/fault.ts'

/** The largest document the server takes over HTTP. */
export const UPLOAD_BYTES_MAX = 256 * 1024 * 1024

export async function readUpload(request: FastifyRequest): Promise<Uint8Array> {
  const said = Number(request.headers['content-length'] ?? 0)
  if (said > UPLOAD_BYTES_MAX) throw tooLarge()
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request.raw) {
    if (!(part instanceof Uint8Array)) continue
    length += part.length
    if (length > UPLOAD_BYTES_MAX) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function tooLarge(): Fault {
  return new Fault('too_large', `evidence is at most ${UPLOAD_BYTES_MAX} bytes over HTTP`)
}
