/** How long the rules take in their child process, for small and very large plans. No bound. */
import { canonicalText, encodePlan } from '@holdpoint/core'
import {
  EVALUATION_DEFAULTS,
  startEvaluationProcess,
} from '../../packages/server/src/evaluation-process.ts'
import { givenFacts, givenPlan, givenResource } from '../../test/fixtures/policy-given.ts'
import { POLICY } from '../../test/harness/installation.ts'
import type { Measure, Row } from './measure.ts'
import { row } from './statistics.ts'

const SIZES = [1, 100, 10_000]
const RUNS = 11

export const evaluation: Measure = {
  name: 'evaluation',
  run: async () => {
    const child = startEvaluationProcess(EVALUATION_DEFAULTS)
    const rows: Row[] = []
    try {
      for (const size of SIZES) {
        const took: number[] = []
        const job = jobOf(size)
        for (let run = -1; run < RUNS; run += 1) {
          const startedAt = performance.now()
          const reply = await child.run(job)
          if (run >= 0) took.push(performance.now() - startedAt)
          if (reply.kind !== 'evaluated') throw new Error(`${size} resources: ${reply.kind}`)
        }
        rows.push(row(`evaluating ${size} resources`, took))
      }
      return { rows, verdicts: [] }
    } finally {
      await child.close()
    }
  },
}

function jobOf(size: number) {
  const resources = Array.from({ length: size }, (_, index) =>
    givenResource({ address: `aws_s3_bucket.data[${index}]`, after: { bucket: `data-${index}` } }),
  )
  const plan = Buffer.from(canonicalText(encodePlan(givenPlan({ resources }))))
  return {
    kind: 'evaluate',
    policy: POLICY,
    plan,
    facts: givenFacts(),
    now: Date.now(),
    credentials: null,
  } as const
}
