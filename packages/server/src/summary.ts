/** What the server says of itself when it has started: where it is, whose word it is, what it lacks. */
import type { StartedServer } from './compose.ts'
import type { Config } from './config.ts'

export function summaryOf(config: Config, server: StartedServer): readonly string[] {
  const database = config.databaseUrl === null ? 'embedded (PGlite)' : 'PostgreSQL'
  const url = config.publicUrl ?? server.url
  return [
    `Holdpoint is at ${url}`,
    `  mode      ${config.mode}`,
    `  listens   ${server.url}`,
    `  database  ${database}`,
    `  data      ${config.dataDir}`,
    `  log       ${server.origin}`,
    `  log key   ${server.verifierKey}`,
    ...(server.adminToken === null ? [] : [`  admin     token written to ${server.adminToken}`]),
    ...firstLines(server),
    ...warningsOf(config).map((warning) => `  warning   ${warning}`),
  ]
}

function firstLines({ firstLink }: StartedServer): readonly string[] {
  if (firstLink === null) return []
  return [
    '  first     nobody administers this server yet. Open this link within a day to be the first,',
    '            with a passkey; it works once, and whoever opens it rules here:',
    `            ${firstLink.link}`,
    `            (also in ${firstLink.path})`,
  ]
}

function warningsOf(config: Config): readonly string[] {
  const modeWarning =
    config.mode === 'development'
      ? 'development mode: anyone on this machine can be anyone, and the log says so'
      : null
  return [
    ...(modeWarning === null ? [] : [modeWarning]),
    ...(config.databaseUrl === null
      ? ['the embedded database can lose its newest entries in a power cut']
      : []),
    ...(config.guardFile.startsWith(`${config.dataDir}/`)
      ? ['the guard file lies beside the data; put it on another volume']
      : []),
  ]
}
