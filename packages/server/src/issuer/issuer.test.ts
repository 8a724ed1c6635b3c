import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose'
import { NOW } from '../../../core/test/given.ts'
import { databases } from '../../test/databases.ts'
import type { Database } from '../store/db.ts'
import { addIssuerKey, issuerKeys } from '../store/issuer-keys.ts'
import { createIssuer, KEY_LIFE_MS, OVERLAP_MS } from './issuer.ts'
import { newSealedKey, openKey } from './keys.ts'

const SEAL = new Uint8Array(32).fill(7)
const OTHER_SEAL = new Uint8Array(32).fill(8)
const CLAIMS = { sub: 'workspace:one', aud: 'vault.holdpoint', jti: 'one' }
const URL_ = 'https://holdpoint.example'

function given(database: Database, at: { now: number }, seal = SEAL) {
  return createIssuer({ database, seal, clock: { now: () => at.now }, url: () => URL_ })
}

async function kidsOf(issuer: ReturnType<typeof given>): Promise<readonly string[]> {
  const { keys } = await issuer.jwks()
  return keys.map((each) => String(Reflect.get(Object(each), 'kid')))
}

for (const database of databases) {
  const open = async () => (await database.create()).open()

  suite(`issuer in ${database.name}`, { skip: database.skip }, () => {
    test('verifiers are told of the sealed keys, whatever is written beside them', async () => {
      const opened = await open()
      const issuer = given(opened, { now: NOW })
      const token = await issuer.sign(CLAIMS, { iat: NOW, exp: NOW + 300_000 })
      const pair = await generateKeyPair('RS256')
      const [row] = await issuerKeys(opened.kysely)
      assert.ok(row !== undefined)
      const theirs = { ...(await exportJWK(pair.publicKey)), kid: row.id, alg: 'RS256', use: 'sig' }

      // Their key under our id, and a whole row of their own.
      const forged = JSON.stringify(theirs)
      await opened.kysely.updateTable('issuer_key').set({ public_jwk: forged }).execute()
      const id = await calculateJwkThumbprint(theirs)
      const sealed = row.sealed
      await addIssuerKey(opened.kysely, {
        ...row,
        id,
        sealed,
        publicJwk: JSON.stringify({ ...theirs, kid: id }),
      })

      const jwks = (await given(opened, { now: NOW }).jwks()) as { keys: { kid: string }[] }
      assert.deepEqual(
        jwks.keys.map(({ kid }) => kid),
        [row.id],
      )
      const currentDate = new Date(NOW + 1000)
      await jwtVerify(token.reveal(), createLocalJWKSet(jwks), { currentDate })
    })

    test('keys that another seal closed are published to nobody', async () => {
      const opened = await open()
      await given(opened, { now: NOW }).jwks()

      const other = given(opened, { now: NOW }, OTHER_SEAL)

      assert.deepEqual((await other.jwks()).keys, [])
      await assert.rejects(other.sign(CLAIMS, { iat: NOW, exp: NOW + 1 }), { code: 'key_unusable' })
    })

    test('a next key is published a day before it signs, and the last one a day after', async () => {
      const opened = await open()
      const at = { now: NOW }
      const issuer = given(opened, at)
      const [first = ''] = await kidsOf(issuer)
      const signer = async () => {
        const token = await issuer.sign(CLAIMS, { iat: at.now, exp: at.now + 1000 })
        const head = token.reveal().split('.')[0] ?? ''
        return String(JSON.parse(Buffer.from(head, 'base64url').toString()).kid)
      }

      at.now = NOW + KEY_LIFE_MS
      const both = await kidsOf(issuer)
      assert.equal(both.length, 2)
      assert.equal(await signer(), first)
      at.now += OVERLAP_MS
      assert.notEqual(await signer(), first)
      assert.equal((await kidsOf(issuer)).includes(first), true)
      at.now += OVERLAP_MS
      assert.equal((await kidsOf(issuer)).includes(first), false)
    })

    test('a rotation that is not in the log changes nothing', async () => {
      const issuer = given(await open(), { now: NOW })
      const before = await kidsOf(issuer)

      assert.equal(await issuer.rotate(true, async () => false), null)

      assert.deepEqual(await kidsOf(issuer), before)
      const rotated = await issuer.rotate(true, async () => true)
      assert.deepEqual(rotated?.dropped, before)
      assert.deepEqual(await kidsOf(issuer), [rotated?.key])
    })

    test('two replicas make one first key', async () => {
      const opened = await open()
      const both = [given(opened, { now: NOW }), given(opened, { now: NOW })]

      const kids = await Promise.all(both.map(kidsOf))

      assert.deepEqual(kids[0], kids[1])
      assert.equal(kids[0]?.length, 1)
    })
  })
}

test('a sealed key opens under its own id alone, and only as it was sealed', async () => {
  const [one, other] = [await newSealedKey(SEAL), await newSealedKey(SEAL)]
  const refused = { code: 'key_unusable' }

  await openKey(one, SEAL)
  await assert.rejects(openKey({ ...one, id: other.id }, SEAL), refused)
  await assert.rejects(openKey(one, OTHER_SEAL), refused)
  const flipped = Uint8Array.from(one.sealed, (byte, at) => (at === 40 ? byte ^ 1 : byte))
  await assert.rejects(openKey({ ...one, sealed: flipped }, SEAL), refused)
  await assert.rejects(openKey({ ...one, sealed: one.sealed.subarray(0, 20) }, SEAL), refused)
})

test('what is published of a key has no private part', async () => {
  const { publicJwk } = await newSealedKey(SEAL)

  const names = Object.keys(JSON.parse(publicJwk) as object)

  assert.deepEqual(names.toSorted(), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
})
