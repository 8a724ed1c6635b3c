/** What one waiting client costs the server's memory: many streams, held by another process. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { install } from '../../test/harness/installation.ts'
import type { Measure } from './measure.ts'
import { kilobytes, row } from './statistics.ts'

const STREAMS = 1_000
const ROUNDS = 3
const CLIENTS = fileURLToPath(new URL('./waiting-clients.ts', import.meta.url))

export const waiting: Measure = {
  name: 'waiting',
  run: async () => {
    const installation = await install()
    const collect = collector()
    const heap: number[] = []
    const resident: number[] = []
    try {
      for (let round = -1; round < ROUNDS; round += 1) {
        const before = await settled(collect)
        const clients = fork(CLIENTS, [installation.url, String(STREAMS)])
        await once(clients, 'message')
        const after = await settled(collect)
        clients.kill()
        await once(clients, 'exit')
        if (round === -1) continue
        heap.push((after.heap - before.heap) / STREAMS)
        resident.push((after.resident - before.resident) / STREAMS)
      }
    } finally {
      await installation.close()
    }
    return {
      rows: [
        row('one waiting stream, heap and buffers', heap, kilobytes),
        row('one waiting stream, resident', resident, kilobytes),
      ],
      verdicts: [],
    }
  },
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('garbage cannot be collected on demand')
  return () => void collect()
}

/** After two collections, with a moment between for what sockets still hold. */
async function settled(collect: () => void) {
  collect()
  await new Promise((resolve) => setTimeout(resolve, 250))
  collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, resident: rss }
}
