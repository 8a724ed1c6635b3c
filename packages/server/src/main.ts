/**
 * The server as a program: configuration from flags, environment and file; a plain summary of what
 * it is and what it cannot do; and an orderly end when it is told to stop.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type StartedServer, startServer } from './compose.ts'
import { type Config, configReference, describeConfigProblem, parseConfig } from './config.ts'
import { errorChain } from './io/log.ts'
import { summaryOf } from './summary.ts'

const EXIT_USAGE = 2
const EXIT_FAULT = 3

async function main(): Promise<void> {
  const config = await readConfig()
  if (config === null) return
  const version = process.env['HOLDPOINT_VERSION'] ?? '0.1.0'
  const server = await startServer(config, { version })
  process.stderr.write(`${summaryOf(config, server).join('\n')}\n`)
  stopOnSignals(server)
}

async function readConfig(): Promise<Config | null> {
  const options = Object.fromEntries(
    [...configReference().flatMap(({ flag }) => flag.slice(2) || []), 'config'].map((name) => [
      name,
      { type: 'string' } as const,
    ]),
  )
  const { values } = parseArgs({ options, strict: false })
  const { config: file, ...flags } = values
  const path = typeof file === 'string' ? file : process.env['HOLDPOINT_CONFIG']
  const fileText = path === undefined ? null : await readFile(path, 'utf8')
  const texts = Object.entries(flags).map(([name, value]) => [name, String(value)])
  const parsed = parseConfig({ flags: Object.fromEntries(texts), env: process.env, fileText })
  if (parsed.ok) return parsed.config
  for (const problem of parsed.problems) process.stderr.write(`${describeConfigProblem(problem)}\n`)
  process.exitCode = EXIT_USAGE
  return null
}

/** A second signal does not wait: the first is still letting what runs end. */
function stopOnSignals(server: StartedServer): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(EXIT_FAULT)
    stopping = true
    process.stderr.write('Stopping: no new requests, what runs may end.\n')
    server.close().catch(failed)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function failed(error: unknown): void {
  const chain = errorChain(error).map((each) => each.message)
  process.stderr.write(`The server could not do this: ${chain.join('\n  because: ')}\n`)
  process.exitCode = EXIT_FAULT
}

main().catch(failed)
