/** Rewrites one member of a zip, as somebody would who edits the configuration inside a plan. */
import { inflateRawSync } from 'node:zlib'
import { type Member, writeZip } from '../../packages/cli/src/testing/zip.ts'

const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30

/** The same archive with `text` as the content of the member `name`, which must be there. */
export function editMember(zip: Buffer, name: string, text: string): Buffer {
  const members = readMembers(zip)
  if (!members.some((each) => each.name === name))
    throw new Error(`no ${name} in ${members.map((each) => each.name).join(', ')}`)
  return writeZip(
    members.map((each) => (each.name === name ? { name, content: Buffer.from(text) } : each)),
  )
}

function readMembers(zip: Buffer): readonly Member[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'))
  const count = zip.readUInt16LE(end + 10)
  const members: Member[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let index = 0; index < count; index += 1) {
    const size = zip.readUInt32LE(at + 20)
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    ) as [number, number, number]
    const name = zip.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes)
    const local = zip.readUInt32LE(at + 42)
    const start = local + LOCAL_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const packed = zip.subarray(start, start + size)
    const content = zip.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)
    members.push({ name, content })
    at += CENTRAL_BYTES + nameBytes + extraBytes + commentBytes
  }
  return members
}
