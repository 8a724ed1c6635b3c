/** A secret that the configuration names, read at the last: from a file, or as the environment had it. */
import type { SecretSource } from './config.ts'
import { Fault } from './io/fault.ts'
import { readIfThere } from './io/files.ts'
import { Secret } from './io/secret.ts'

export async function readSecret(source: SecretSource, key: string): Promise<Secret> {
  if (source.from === 'env') return source.secret
  const bytes = await readIfThere(source.path)
  if (bytes === null) throw new Fault('file_failed', `${source.path} of ${key} is not there`)
  return new Secret(Buffer.from(bytes).toString('utf8').trim())
}
