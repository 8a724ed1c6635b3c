/** People and groups as a directory names them. Who may what is in the log alone. */
import type { PersonId } from '@holdpoint/core'
import type { DirectoryGroupTable, DirectoryUserTable, Tx } from './tables.ts'

export interface DirectoryUser {
  readonly id: string
  readonly externalId: string
  readonly userName: string
  readonly name: string
  readonly person: PersonId
}

export interface DirectoryGroup {
  readonly id: string
  readonly externalId: string | null
  readonly name: string
  /** Ids of directory users. */
  readonly members: readonly string[]
}

/** `false` where another has its external id or user name. */
export async function putUser(tx: Tx, user: DirectoryUser): Promise<boolean> {
  const { id, externalId: external_id, userName: user_name, name, person } = user
  const taken = await tx
    .selectFrom('directory_user')
    .select('id')
    .where('id', '<>', id)
    .where((eb) => eb.or([eb('external_id', '=', external_id), eb('user_name', '=', user_name)]))
    .executeTakeFirst()
  if (taken !== undefined) return false
  const row = { external_id, user_name, name, person }
  await tx
    .insertInto('directory_user')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  return true
}

export async function allUsers(tx: Tx): Promise<readonly DirectoryUser[]> {
  const rows = await tx.selectFrom('directory_user').selectAll().orderBy('user_name').execute()
  return rows.map(asUser)
}

export async function findUser(tx: Tx, id: string): Promise<DirectoryUser | null> {
  const row = await tx
    .selectFrom('directory_user')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : asUser(row)
}

export async function removeUser(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('directory_user').where('id', '=', id).execute()
}

/** `false` where another has its external id. */
export async function putGroup(tx: Tx, group: DirectoryGroup): Promise<boolean> {
  const { id, externalId: external_id, name } = group
  const taken =
    external_id === null
      ? undefined
      : await tx
          .selectFrom('directory_group')
          .select('id')
          .where('id', '<>', id)
          .where('external_id', '=', external_id)
          .executeTakeFirst()
  if (taken !== undefined) return false
  const row = { external_id, name, members: [...new Set(group.members)].join(' ') }
  await tx
    .insertInto('directory_group')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  return true
}

export async function allGroups(tx: Tx): Promise<readonly DirectoryGroup[]> {
  const rows = await tx.selectFrom('directory_group').selectAll().orderBy('name').execute()
  return rows.map(asGroup)
}

export async function removeGroup(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('directory_group').where('id', '=', id).execute()
}

function asUser(row: DirectoryUserTable): DirectoryUser {
  const { id, external_id: externalId, user_name: userName, name, person } = row
  return { id, externalId, userName, name, person }
}

function asGroup(row: DirectoryGroupTable): DirectoryGroup {
  const { id, external_id: externalId, name, members } = row
  return { id, externalId, name, members: members.split(' ').filter((each) => each !== '') }
}
