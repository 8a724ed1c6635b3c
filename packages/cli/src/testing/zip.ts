/** Writes an archive without compression (APPNOTE 4.3), for tests that edit a plan file. */
import { crc32 } from 'node:zlib'

export interface Member {
  readonly name: string
  readonly content: Buffer
}

export function writeZip(members: readonly Member[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const name = Buffer.from(member.name)
    const shared = sharedFields(member, name)
    const local = Buffer.concat([bytes('504b0304'), shared, name, member.content])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([bytes('504b01021400'), shared, tail, name]))
    parts.push(local)
    offset += local.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  bytes('504b0506').copy(end)
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, entries, end])
}

function sharedFields(member: Member, name: Buffer): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(0x0800, 2)
  fields.writeUInt32LE(crc32(member.content), 10)
  fields.writeUInt32LE(member.content.length, 14)
  fields.writeUInt32LE(member.content.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}
