export {
  type StartedServer,
  type ServerOptions,
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
export { summaryOf } from './summary.ts'
