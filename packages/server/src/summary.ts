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
    ...warningsOf(config).map((warning) => `  warning   ${warning}`),
  ]
}

function warningsOf(config: Config): readonly string[] {
  const modeWarning =
    config.mode === 'development'
      ? 'development mode: anyone on this machine can be anyone, and the log says so'
      : 'nobody can decide: this version has no sign-in for people in production mode'
  return [
    modeWarning,
    ...(config.databaseUrl === null
      ? ['the embedded database can lose its newest entries in a power cut']
      : []),
    ...(config.guardFile.startsWith(`${config.dataDir}/`)
      ? ['the guard file lies beside the data; put it on another volume']
      : []),
  ]
}
