import assert from 'node:assert/strict'
import { createServer, request, type Server } from 'node:http'
import { after, before, suite, test } from 'node:test'
import { Fault } from '../io/fault.ts'
import { EVIDENCE_BYTES_MAX } from '../store/evidence.ts'
import { createUploads, readUpload } from './upload.ts'

const MEBIBYTE = 1024 * 1024
const TOO_LARGE =
  'it has more than the 1 MiB that a document may have; split the root module, or plan a part of ' +
  'it with -target'

let server: Server
let port = 0
let read: Uint8Array | null = null

before(async () => {
  server = createServer(async (incoming, response) => {
    try {
      read = await readUpload(incoming, MEBIBYTE)
      response.end('read')
    } catch (cause) {
      response.end(cause instanceof Fault ? cause.message : 'another error')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})

after(() => server.close())

/** What the server said; `length` is what is said of the body beforehand, `null` nothing. */
async function send(parts: readonly Uint8Array[], length: number | null): Promise<string> {
  read = null
  return await new Promise((resolve, reject) => {
    const headers = length === null ? {} : { 'content-length': length }
    const options = { port, host: '127.0.0.1', method: 'PUT', headers, agent: false }
    const sending = request(options, async (response) => {
      const said: Buffer[] = []
      for await (const part of response) said.push(part)
      resolve(Buffer.concat(said).toString())
      sending.destroy()
    })
    sending.on('error', reject)
    for (const part of parts) sending.write(part)
    // One whose length is a lie is left open: the answer has to come without the rest.
    if (length === null || parts.reduce((sum, part) => sum + part.length, 0) >= length)
      sending.end()
  })
}

const filled = (size: number, value: number) => new Uint8Array(size).fill(value)

suite('an upload', () => {
  for (const length of [MEBIBYTE, null])
    test(`of exactly the limit is read whole, ${length === null ? 'chunked' : 'by its length'}`, async () => {
      const parts = [filled(MEBIBYTE - 10, 1), filled(9, 2), filled(1, 3)]

      assert.equal(await send(parts, length), 'read')
      assert.deepEqual(read, Buffer.concat(parts))
    })

  test('that says it is larger is refused before it is sent', async () => {
    assert.equal(await send([filled(1, 1)], MEBIBYTE + 1), TOO_LARGE)
  })

  test('that says nothing and is larger is refused', async () => {
    assert.equal(await send([filled(MEBIBYTE, 1), filled(1, 1)], null), TOO_LARGE)
  })

  test('may have the 512 MiB that a plan may have', () => {
    assert.equal(EVIDENCE_BYTES_MAX, 512 * MEBIBYTE)
  })

  test('of nothing is nothing', async () => {
    assert.equal(await send([], 0), 'read')
    assert.equal(read?.length, 0)
  })
})

suite('uploads at the same time', () => {
  async function* body(...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
    for (const length of lengths) yield new Uint8Array(length)
  }
  const incoming = (...lengths: readonly number[]) =>
    Object.assign(body(...lengths), { headers: {} })

  test('are refused beyond what all may hold, and taken again when one was used', async () => {
    const withUpload = createUploads(10)
    let used = (): void => {}
    const first = withUpload(incoming(4, 4), () => new Promise<void>((resolve) => (used = resolve)))
    const over = withUpload(incoming(1, 2), async (bytes) => bytes.length)
    await assert.rejects(over, { code: 'quota_exceeded', retryable: true })

    assert.equal(await withUpload(incoming(2), async (bytes) => bytes.length), 2)
    used()
    await first

    assert.equal(await withUpload(incoming(5, 5), async (bytes) => bytes.length), 10)
  })
})
