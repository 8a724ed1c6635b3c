/**
 * The last signed head, kept where the database's administrator cannot write: a file, better on
 * another volume. It is the signed checkpoint itself, so that a forged one is seen. Without it a
 * database restored from yesterday would un-happen what happened since.
 */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readIfThere, writeDurably } from '../io/files.ts'

export interface Guard {
  /** Where it is, for sentences. */
  readonly place: string
  /** The note that was written last, `null` where there is none. */
  read(): Promise<string | null>
  /** Durable when it returns. */
  write(note: string): Promise<void>
}

export function fileGuard(path: string): Guard {
  return {
    place: path,
    read: async () => {
      const bytes = await readIfThere(path)
      return bytes === null ? null : Buffer.from(bytes).toString('utf8')
    },
    write: async (note) => {
      // Its folder may be another volume's: it is made where missing, and left as it is otherwise.
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeDurably(path, note)
    },
  }
}
