/** Every row of the route table and who handles it; the compiler says when one is missing. */
import type { Services } from '../services.ts'
import type { Handlers } from './handler.ts'
import { accessHandlers } from './handlers-access.ts'
import { credentialHandlers } from './handlers-credentials.ts'
import { developmentHandlers } from './handlers-development.ts'
import { eventHandlers } from './handlers-events.ts'
import { glassHandlers } from './handlers-glass.ts'
import { historyHandlers } from './handlers-history.ts'
import { identityHandlers } from './handlers-identity.ts'
import { logHandlers } from './handlers-log.ts'
import { overviewHandlers } from './handlers-overview.ts'
import { peopleHandlers } from './handlers-people.ts'
import { policyHandlers } from './handlers-policy.ts'
import { readHandlers } from './handlers-read.ts'
import { runnerHandlers } from './handlers-runner.ts'

export function createHandlers(services: Services): Handlers {
  return {
    ...readHandlers(services),
    ...historyHandlers(services),
    ...overviewHandlers(services),
    ...runnerHandlers(services),
    ...credentialHandlers(services),
    ...peopleHandlers(services),
    ...glassHandlers(services),
    ...policyHandlers(services),
    ...accessHandlers(services),
    ...logHandlers(services),
    ...developmentHandlers(services),
    ...eventHandlers(services),
    ...identityHandlers(services),
  }
}
