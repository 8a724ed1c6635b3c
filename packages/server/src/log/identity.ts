/**
 * Who signs this log: its origin and key. A checkpoint counts only if this key signed it for this
 * origin; a development server's origin says so, so that nobody takes its log for a real one.
 */
import { nodePrimitives, type SigningKey, verifyEd25519 } from '@holdpoint/api/node'
import {
  type Checkpoint,
  type CheckpointTrust,
  formatVkey,
  makeNoteKey,
  openCheckpoint,
  signCheckpoint,
} from '@holdpoint/core'
import { Fault, invariant } from '../io/fault.ts'

export interface LogIdentity {
  readonly origin: string
  /** C2SP vkey. */
  readonly verifierKey: string
  readonly trust: CheckpointTrust
  readonly sign: (head: Omit<Checkpoint, 'origin'>) => string
  /** The head that a note of ours states, or what is wrong with it. */
  readonly open: (note: string) => OpenedHead
}

export type OpenedHead =
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | { readonly ok: false; readonly problem: string }

/** The origin of an installation's first log. */
export function originOf(host: string, mode: 'production' | 'development'): string {
  return mode === 'development' ? `${host}/holdpoint/development` : `${host}/holdpoint`
}

export function logIdentity(origin: string, key: SigningKey): LogIdentity {
  const { publicKey } = key
  const made = makeNoteKey(nodePrimitives, { name: origin, algorithm: 'ed25519', publicKey })
  if (!made.ok)
    throw new Fault('key_unusable', `the log cannot be signed as ${origin}: ${made.problem}`)
  const trust: CheckpointTrust = {
    origin,
    logKey: made.key,
    witnessKeys: [],
    verifier: {
      verify: (message, signature, by) => verifyEd25519({ message, signature, publicKey: by }),
    },
  }
  return {
    origin,
    verifierKey: formatVkey(made.key),
    trust,
    sign: (head) => {
      const { name, keyId } = made.key
      const signer = { name, keyId, sign: key.sign }
      const signed = signCheckpoint(nodePrimitives, { origin, ...head }, [signer])
      invariant(signed.ok, 'a head of ours has a note')
      return signed.note
    },
    open: (note) => {
      const opened = openCheckpoint(nodePrimitives, note, trust)
      return opened.ok ? { ok: true, checkpoint: opened.checkpoint } : opened
    },
  }
}
