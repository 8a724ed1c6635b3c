/**
 * A state store over HTTP (Terraform's `http` backend) that takes its time to save, and locks for who
 * asks for it. It runs in a thread of its own, because the test waits for Terraform itself while it
 * prepares a project.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

export interface SlowState {
  readonly address: string
  /** The state that was saved last; empty before. */
  readonly saved: () => Promise<string>
  readonly close: () => Promise<unknown>
}

export async function startSlowState(saveMs: number): Promise<SlowState> {
  const worker = new Worker(import.meta.filename, { workerData: saveMs })
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  const address = `http://127.0.0.1:${port}/state`
  return {
    address,
    saved: async () => await (await fetch(address)).text(),
    close: () => worker.terminate(),
  }
}

class Store {
  readonly #saveMs: number
  #state = ''
  #lock = ''

  constructor(saveMs: number) {
    this.#saveMs = saveMs
  }

  answer({ method }: IncomingMessage, response: ServerResponse, body: string): void {
    if (method === 'LOCK' && this.#lock !== '') response.writeHead(423).end(this.#lock)
    else if (method === 'LOCK' || method === 'UNLOCK') {
      this.#lock = method === 'LOCK' ? body : ''
      response.writeHead(200).end()
    } else if (method === 'POST') {
      setTimeout(() => {
        this.#state = body
        response.writeHead(200).end()
      }, this.#saveMs)
    } else response.writeHead(this.#state === '' ? 404 : 200).end(this.#state)
  }
}

function serve(saveMs: number): void {
  const store = new Store(saveMs)
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    request.on('end', () => store.answer(request, response, text))
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address !== 'string') parentPort?.postMessage(address.port)
  })
}

if (!isMainThread && typeof workerData === 'number') serve(workerData)
