/**
 * Everything that lets somebody in who has no session yet. After a loss nobody knows who of them was
 * let in, refused or removed since, so none of it outlives the log that it belonged to.
 */
import { dropCeremonies } from './ceremonies.ts'
import type { Tx } from './tables.ts'

export async function closeOpenDoors(tx: Tx): Promise<void> {
  for (const table of ['invite', 'first_link', 'device_login'] as const)
    await tx.deleteFrom(table).execute()
  await dropCeremonies(tx)
}
