import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { addressOf, createAttempts } from './attempts.ts'

test('an address has so many attempts in its window, and a new window after it', () => {
  const { take } = createAttempts({ most: 2, within: 1000, addressesMax: 10 })

  assert.deepEqual([take('a', 0), take('a', 100), take('a', 200)], [null, null, 1])
  assert.deepEqual([take('b', 200), take('a', 999), take('a', 1000)], [null, 1, null])
})

test('no flood of addresses fills the memory: the one that began longest ago is forgotten', () => {
  const { take } = createAttempts({ most: 1, within: 1000, addressesMax: 2 })
  take('a', 0)
  take('b', 1)
  take('c', 2)

  assert.deepEqual([take('b', 3), take('c', 3), take('a', 3)], [1, 1, null])
})

test('an address is what the outermost of our proxies saw, never what a client says of itself', async () => {
  const app = Fastify()
  app.get('/:proxies', async (request) => {
    const proxies = Number(Reflect.get(Object(request.params), 'proxies'))
    return { address: addressOf(request, proxies) }
  })
  const from = async (proxies: number, forwarded: string, remoteAddress = '127.0.0.1') => {
    const headers = forwarded === '' ? {} : { 'x-forwarded-for': forwarded }
    return (await app.inject({ url: `/${proxies}`, headers, remoteAddress })).json().address
  }

  assert.equal(await from(0, '192.0.2.1'), '127.0.0.1')
  assert.equal(await from(1, '203.0.113.5, 192.0.2.1'), '192.0.2.1')
  assert.equal(await from(2, '203.0.113.5, 192.0.2.1, 10.0.0.1'), '192.0.2.1')
  assert.equal(await from(1, ''), '127.0.0.1')
  assert.equal(await from(0, '', '::ffff:192.0.2.7'), '192.0.2.7')
  assert.equal(await from(0, '', '2001:db8:1:2:3:4:5:6'), '2001:db8:1:2')
  assert.equal(await from(1, '2001:DB8::9'), '2001:db8:0:0')
  assert.equal(await from(1, '::1'), '0:0:0:0')
})
