/** Every kind of source: configuration and reference are derived from this list. */
import { calendar } from './calendar.ts'
import { opsgenie } from './opsgenie.ts'
import { pagerduty } from './pagerduty.ts'

export const ON_CALL_SOURCES = { pagerduty, opsgenie, calendar } as const
