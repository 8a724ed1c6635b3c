export {
  type ServerOptions,
  type StartedServer,
  startServer,
} from './compose.ts'
export {
  type Config,
  type ConfigKey,
  type ConfigProblem,
  type ConfigSources,
  configReference,
  describeConfigProblem,
  type ParsedConfig,
  parseConfig,
} from './config.ts'
export {
  importExport,
  type Loss,
  type NewLog,
  type Recovered,
  restartLog,
  surveyLog,
} from './recover-log.ts'
export { summaryOf } from './summary.ts'
