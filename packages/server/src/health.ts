/**
 * What an operator is told when they ask whether all is well: each line is in order, needs attention
 * or is broken, and says what to do. A check that fails is a line, never an answer that is missing.
 */

import { broken, type Check, type CheckLine, type HealthValue } from './health-found.ts'
import { peopleChecks } from './health-people.ts'
import { serverChecks } from './health-server.ts'
import type { ReadPolicy } from './policy-in-force.ts'
import type { Services } from './services.ts'
import type { Viewer } from './views-row.ts'

export function createHealth(
  services: Services,
  readPolicy: ReadPolicy,
): (viewer: Viewer) => Promise<HealthValue> {
  return async (viewer) => {
    const checks: CheckLine[] = []
    const all = [
      ...serverChecks(services, readPolicy),
      ...peopleChecks(viewer, services, readPolicy),
    ]
    for (const check of all) checks.push(await lineOf(check, services))
    return { version: services.version, checkedAt: services.clock.now(), checks }
  }
}

async function lineOf({ id, name, look }: Check, { log }: Services): Promise<CheckLine> {
  try {
    return { id, name, ...(await look()) }
  } catch (error) {
    log.warn({ err: error, check: id }, 'a health check could not be made')
    const said = broken('It could not be checked.', 'Look at the server’s output for the cause.')
    return { id, name, ...said }
  }
}
