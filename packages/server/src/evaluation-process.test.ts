import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { canonicalText, encodePlan, NO_FACTS } from '@holdpoint/core'
import { givenPlan } from '../test/server-story.ts'
import { BUILT_IN_POLICY } from './built-in-policy.ts'
import { EVALUATION_DEFAULTS, startEvaluationProcess } from './evaluation-process.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-child-'))
})
after(() => rm(folder, { recursive: true }))

const plan = new TextEncoder().encode(canonicalText(encodePlan(givenPlan())))
const JOB = {
  kind: 'evaluate',
  policy: BUILT_IN_POLICY,
  plan,
  facts: NO_FACTS,
  now: 0,
  credentials: null,
} as const

async function program(name: string, source: string): Promise<string> {
  const path = join(folder, `${name}.mjs`)
  await writeFile(path, source)
  return path
}

describe('the evaluation child', () => {
  it('answers one job after the other, and keeps its policy', async () => {
    const child = startEvaluationProcess(EVALUATION_DEFAULTS)
    try {
      const answers = await Promise.all([child.run(JOB), child.run(JOB)])

      for (const answer of answers) {
        assert.equal(answer.kind, 'evaluated')
        assert.equal(answer.kind === 'evaluated' && answer.evaluated.verdict, 'hold')
      }
    } finally {
      await child.close()
    }
  })

  it('says every problem of a policy', async () => {
    const child = startEvaluationProcess(EVALUATION_DEFAULTS)
    try {
      const answer = await child.run({ kind: 'read', policy: 'version: 2\n' })

      assert.ok(answer.kind === 'problems' && answer.problems.length > 0)
    } finally {
      await child.close()
    }
  })

  it('that hangs is late, and the next job meets a new one', async () => {
    const path = await program('hang', 'process.on("message", () => { for (;;) {} })')
    const child = startEvaluationProcess({ ...EVALUATION_DEFAULTS, program: path, deadlineMs: 400 })
    try {
      assert.deepEqual(await child.run(JOB), { kind: 'failed', because: 'late' })
      assert.deepEqual(await child.run(JOB), { kind: 'failed', because: 'late' })
    } finally {
      await child.close()
    }
  })

  it('that crashes has no answer', async () => {
    const path = await program('crash', 'process.on("message", () => { throw new Error("x") })')
    const child = startEvaluationProcess({ ...EVALUATION_DEFAULTS, program: path })
    try {
      assert.deepEqual(await child.run(JOB), { kind: 'failed', because: 'crashed' })
    } finally {
      await child.close()
    }
  })

  it('that grows too large dies alone', async () => {
    const path = await program(
      'grow',
      'process.on("message", () => { const all = []; for (;;) all.push(new Array(1e5).fill({})) })',
    )
    const settings = { ...EVALUATION_DEFAULTS, program: path, heapMegabytes: 32 }
    const child = startEvaluationProcess(settings)
    try {
      assert.deepEqual(await child.run(JOB), { kind: 'failed', because: 'crashed' })
    } finally {
      await child.close()
    }
  })

  it('that answers something else has no answer, and never an allow', async () => {
    const source = 'process.on("message", () => process.send({ kind: "evaluated", evaluated: {} }))'
    const path = await program('liar', source)
    const child = startEvaluationProcess({ ...EVALUATION_DEFAULTS, program: path })
    try {
      assert.deepEqual(await child.run(JOB), { kind: 'failed', because: 'crashed' })
    } finally {
      await child.close()
    }
  })

  it('sees nothing of the server’s environment', async () => {
    const source =
      'process.on("message", () => process.send({ kind: "problems",' +
      ' problems: Object.keys(process.env).filter((name) => name !== "NODE_CHANNEL_FD") }))'
    const path = await program('env', source)
    const child = startEvaluationProcess({ ...EVALUATION_DEFAULTS, program: path })
    try {
      const answer = await child.run(JOB)

      assert.deepEqual(answer, { kind: 'problems', problems: [] })
    } finally {
      await child.close()
    }
  })
})
