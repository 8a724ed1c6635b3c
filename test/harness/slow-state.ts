/**
 * A state store over HTTP (Terraform's `http` backend) that takes its time to save. It runs in a
 * thread of its own, because the test waits for Terraform itself while it prepares a project.
 */
import { createServer } from 'node:http'
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

function serve(saveMs: number): void {
  let state = ''
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(state === '' ? 404 : 200).end(state)
      return
    }
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    request.on('end', () => {
      setTimeout(() => {
        state = text
        response.writeHead(200).end()
      }, saveMs)
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address !== 'string') parentPort?.postMessage(address.port)
  })
}

if (!isMainThread && typeof workerData === 'number') serve(workerData)
