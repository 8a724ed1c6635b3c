/** What can be configured of on-call schedules: the union of every kind in the registry. */
import { z } from 'zod'
import { ON_CALL_SOURCES } from './oncall/registry.ts'

const { pagerduty, opsgenie, calendar } = ON_CALL_SOURCES

export const OnCallSchema = z
  .array(z.discriminatedUnion('kind', [pagerduty.config, opsgenie.config, calendar.config]))
  .max(50)
  .refine((all) => new Set(all.map(({ schedule }) => schedule)).size === all.length, {
    error: 'each schedule is named once',
  })
  .default([])
  .describe('On-call schedules that rules may name as oncall:<schedule>.')
