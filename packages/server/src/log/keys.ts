/**
 * The keys of this installation, by reference and never in the database: the log's signing key, the
 * MAC key of the gate, the master of the workspaces' secrets, and what seals the issuer's keys. Each is 32 random bytes of its
 * own. Default files are made at the first start; a key that is gone is never made anew silently,
 * because everything that was signed with it would turn into tampering.
 */
import { hkdfSync } from 'node:crypto'
import { join } from 'node:path'
import { type SigningKey, signingKeyFromSeed } from '@holdpoint/api/node'
import type { ChangeId, WorkspaceId } from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import { createPrivately, makePrivateFolder, readIfThere } from '../io/files.ts'
import { randomKey } from '../io/random-ids.ts'
import type { Secret } from '../io/secret.ts'
import { type MacKey, macKeyFrom } from './mac.ts'

export type KeySource =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'env'; readonly name: string; readonly secret: Secret }

export interface KeyOptions {
  readonly dataDir: string
  /** `null`: a file below `<dataDir>/keys`, made at first start. */
  readonly sources: {
    readonly log: KeySource | null
    readonly mac: KeySource | null
    readonly secrets: KeySource | null
    readonly issuer: KeySource | null
  }
}

export interface Keys {
  readonly log: SigningKey
  readonly mac: MacKey
  /** 32 bytes for the hidden values of one change: HKDF of its workspace's secret. */
  readonly hidingKey: (workspace: WorkspaceId, change: ChangeId) => Uint8Array
  /** 32 bytes that the issuer's private keys are encrypted under. */
  readonly issuerSeal: Uint8Array
}

const KEY_BYTES = 32
const NAMES = ['log', 'mac', 'secrets', 'issuer'] as const

export async function loadKeys(options: KeyOptions): Promise<Keys> {
  const loaded = new Map<string, Buffer>()
  for (const name of NAMES) loaded.set(name, await loadKey(name, options))
  const [log, mac, secrets, issuer] = NAMES.map((name) => loaded.get(name))
  if (log === undefined || mac === undefined || secrets === undefined || issuer === undefined)
    throw new Fault('key_unusable', 'a key is missing')
  if (new Set([log, mac, secrets, issuer].map((key) => key.toString('hex'))).size < NAMES.length)
    throw new Fault('key_unusable', 'two keys are the same; each must be random bytes of its own')
  return {
    log: signingKeyFromSeed(log),
    mac: macKeyFrom(mac),
    issuerSeal: new Uint8Array(issuer),
    hidingKey: (workspace, change) => derive(derive(secrets, workspace), change),
  }
}

/** HKDF-SHA256 (RFC 5869) without salt; what it is for is the info. */
function derive(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), purpose, KEY_BYTES))
}

async function loadKey(name: (typeof NAMES)[number], options: KeyOptions): Promise<Buffer> {
  const source = options.sources[name]
  if (source?.from === 'env') return decoded(source.secret.reveal(), `the variable ${source.name}`)
  const path = source?.path ?? join(options.dataDir, 'keys', `${name}.key`)
  const found = await readIfThere(path)
  if (found !== null) return decoded(Buffer.from(found).toString('utf8'), `the key file ${path}`)
  if (source !== null)
    throw new Fault('key_unusable', `the key file ${path} is not there; put it back`)
  const key = Buffer.from(randomKey())
  await makePrivateFolder(join(options.dataDir, 'keys'))
  const made = await createPrivately(path, `${key.toString('base64')}\n`)
  return made ? key : await loadKey(name, options)
}

/** 32 bytes as 64 hex digits or as base64; the sentence never quotes what was found. */
function decoded(text: string, where: string): Buffer {
  const trimmed = text.trim()
  const isHex = /^[0-9a-fA-F]{64}$/.test(trimmed)
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
  if (!isHex && !isBase64)
    throw new Fault('key_unusable', `${where} does not hold 32 bytes as hex or base64`)
  return Buffer.from(trimmed, isHex ? 'hex' : 'base64')
}
