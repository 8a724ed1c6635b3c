/**
 * What the plan file holds beside the plan: the configuration that the tool will run, the lock file
 * and the state's lineage. An edited `tfconfig/` leaves `show -json` as it was, so its members are
 * hashed into the source. Never trusts the archive: members are counted, limited, never written.
 */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { parseDigest, type SourceFile } from '@holdpoint/core'
import { type Entry, fromFd, type ZipFile } from 'yauzl'
import { Fault } from '../../io/fault.ts'

export interface PlanArchive {
  /** `tfconfig/**` and the lock file as `plan:<member>`. */
  readonly files: readonly SourceFile[]
  /** Lineage of the state that was planned on; `null` for a first plan. */
  readonly lineage: string | null
}

const MEMBERS_MAX = 50_000
const MEMBER_BYTES_MAX = 512 * 1024 * 1024
const LOCK_FILE = '.terraform.lock.hcl'

export async function readPlanArchive(file: FileHandle): Promise<PlanArchive> {
  const zip = await openZip(file)
  const seen = new Set<string>()
  const files: SourceFile[] = []
  let state: Buffer | null = null
  for await (const entry of entriesOf(zip)) {
    const name = entry.fileName
    if (seen.has(name)) throw broken(`has two members named ${JSON.stringify(name)}`)
    if (seen.size >= MEMBERS_MAX) throw broken(`has more than ${MEMBERS_MAX} members`)
    seen.add(name)
    if (name === 'tfstate') state = await readMember(zip, entry)
    if (isConfiguration(name)) files.push(await hashMember(zip, entry))
  }
  if (!seen.has('tfplan')) throw broken('has no member named tfplan')
  return { files, lineage: state === null ? null : lineageOf(state) }
}

/** Whether it is a saved plan at all; whether it is a whole one, `readPlanArchive` says. */
export async function holdsPlan(file: FileHandle): Promise<boolean> {
  try {
    for await (const entry of entriesOf(await openZip(file))) {
      if (entry.fileName === 'tfplan') return true
    }
    return false
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'plan_unreadable') return false
    throw cause
  }
}

function isConfiguration(name: string): boolean {
  return name.startsWith('tfconfig/') || name === LOCK_FILE
}

function openZip(file: FileHandle): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false, strictFileNames: true }
  return new Promise((resolve, reject) => {
    fromFd(file.fd, options, (cause, zip) => {
      if (cause === null && zip !== undefined) resolve(zip)
      else reject(broken('is not an archive as Terraform and OpenTofu write it', cause))
    })
  })
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await nextEntry(zip)
    if (entry === null) return
    yield entry
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      zip.removeAllListeners()
      settle()
    }
    zip.once('entry', (entry: Entry) => done(() => resolve(entry)))
    zip.once('end', () => done(() => resolve(null)))
    zip.once('error', (cause: unknown) => done(() => reject(broken('is damaged', cause))))
    zip.readEntry()
  })
}

async function hashMember(zip: ZipFile, entry: Entry): Promise<SourceFile> {
  const sum = createHash('sha256')
  for await (const chunk of await streamOf(zip, entry)) sum.update(chunk)
  const sha256 = parseDigest(sum.digest('hex'))
  if (sha256 === null) throw new Error('a SHA-256 in hex must have 64 digits')
  return { path: `plan:${entry.fileName}`, executable: false, sha256 }
}

async function readMember(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of await streamOf(zip, entry)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

function streamOf(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  if (entry.uncompressedSize > MEMBER_BYTES_MAX)
    throw broken(`has a member of more than ${MEMBER_BYTES_MAX} bytes`)
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (cause, stream) => {
      if (cause === null && stream !== undefined) resolve(stream)
      else reject(broken('is damaged', cause))
    })
  })
}

/** Only this field is taken; the rest of the state holds secrets and goes nowhere. */
function lineageOf(state: Buffer): string | null {
  const document = parsedOrNull(state)
  if (typeof document !== 'object' || document === null) return null
  const lineage: unknown = Reflect.get(document, 'lineage')
  return typeof lineage === 'string' && lineage !== '' ? lineage : null
}

function parsedOrNull(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw broken('has a member tfstate that is not JSON', cause)
  }
}

function broken(what: string, cause?: unknown): Fault {
  return new Fault('plan_unreadable', `The plan file ${what}`, { cause })
}
