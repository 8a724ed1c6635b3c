/** A small HTTP service on loopback: a function from a request to a status and a document. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly bearer: string
  readonly headers: IncomingMessage['headers']
  /** Of a JSON body or a form. */
  readonly fields: { readonly [name: string]: unknown }
}

export interface Answered {
  readonly status: number
  readonly body: object
}

export interface Service {
  readonly url: string
  readonly close: () => Promise<void>
}

export async function listen(
  answer: (asked: Asked) => Promise<Answered>,
  tls: { readonly key: string; readonly cert: string } | null = null,
): Promise<Service> {
  const listener: RequestListener = (request, response) => {
    const done = async () => {
      const { status, body } = await answer(await askedBy(request))
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    done().catch(() => response.destroy())
  }
  const server = tls === null ? createServer(listener) : createSecureServer({ ...tls }, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function askedBy(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form') === true
  const fields = isForm
    ? Object.fromEntries(new URLSearchParams(text))
    : text === ''
      ? {}
      : JSON.parse(text)
  return {
    method: request.method ?? '',
    path: (request.url ?? '').split('?')[0] ?? '',
    bearer: /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '',
    headers: request.headers,
    fields,
  }
}
