/** Terminals that wait to be connected (RFC 8628). The device code is nowhere: only its SHA-256. */
import type { Digest, Instant, PersonId } from '@holdpoint/core'
import type { DeviceLoginTable, Tx } from './tables.ts'

export interface DeviceLogin {
  readonly device: Digest
  /** Ten letters, without the dash. */
  readonly userCode: string
  /** What the terminal calls itself. */
  readonly name: string
  readonly person: PersonId | null
  readonly state: DeviceLoginTable['state']
  readonly polledAt: Instant | null
  readonly expiresAt: Instant
}

/** Beyond it the oldest goes, so that nobody is kept out. */
const WAITING_MAX = 10_000

/** `false` where another terminal shows the same code. */
export async function addDeviceLogin(
  tx: Tx,
  login: Pick<DeviceLogin, 'device' | 'userCode' | 'name' | 'expiresAt'>,
  now: Instant,
): Promise<boolean> {
  await tx.deleteFrom('device_login').where('expires_at', '<=', now).execute()
  await makeRoom(tx)
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('device_login')
    .values({
      device_digest: login.device,
      user_code: login.userCode,
      name: login.name,
      person: null,
      state: 'waiting',
      polled_at: null,
      expires_at: login.expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

async function makeRoom(tx: Tx): Promise<void> {
  const { count } = await tx
    .selectFrom('device_login')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  if (Number(count) < WAITING_MAX) return
  const oldest = tx
    .selectFrom('device_login')
    .select('device_digest')
    .orderBy('expires_at')
    .limit(1)
  await tx.deleteFrom('device_login').where('device_digest', 'in', oldest).execute()
}

/** One that still waits for an answer. */
export async function findWaiting(
  tx: Tx,
  userCode: string,
  now: Instant,
): Promise<DeviceLogin | null> {
  const row = await tx
    .selectFrom('device_login')
    .selectAll()
    .where('user_code', '=', userCode)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row === undefined ? null : asDeviceLogin(row)
}

export interface DeviceAnswer {
  readonly userCode: string
  readonly person: PersonId
  readonly allow: boolean
}

/** Answered once; `false` where it does not wait any more. */
export async function answerDeviceLogin(
  tx: Tx,
  { userCode, person, allow }: DeviceAnswer,
  now: Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('device_login')
    .set({ state: allow ? 'confirmed' : 'refused', person })
    .where('user_code', '=', userCode)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** As it was before this poll. */
export async function pollDeviceLogin(
  tx: Tx,
  device: Digest,
  now: Instant,
): Promise<DeviceLogin | null> {
  const row = await tx
    .selectFrom('device_login')
    .selectAll()
    .where('device_digest', '=', device)
    .executeTakeFirst()
  if (row === undefined) return null
  await tx
    .updateTable('device_login')
    .set({ polled_at: now })
    .where('device_digest', '=', device)
    .execute()
  return asDeviceLogin(row)
}

/** Of many polls at once, one is told `true`: a code gives one token. */
export async function takeDeviceLogin(tx: Tx, device: Digest): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('device_login')
    .where('device_digest', '=', device)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

function asDeviceLogin(row: DeviceLoginTable): DeviceLogin {
  const { device_digest: device, user_code: userCode, name, person, state } = row
  const times = { polledAt: row.polled_at, expiresAt: row.expires_at }
  return { device, userCode, name, person, state, ...times }
}
