/**
 * The claim of the one grant. The policy in force is evaluated again, now and outside the
 * transaction; when it moved meanwhile the gate says so and it is evaluated once more, three times
 * at most. The grant is answered only when a signed checkpoint covers the entry that gave it.
 */
import type { inputs } from '@holdpoint/api'
import type { Actor, Change, GrantId, Instant } from '@holdpoint/core'
import type { z } from 'zod'
import { keepNames } from './http/differences.ts'
import { type Result, refused } from './http/handler.ts'
import { newGrantId } from './new-ids.ts'
import type { GateAnswer } from './ports.ts'
import { agreedNow } from './same-clock.ts'
import type { Services } from './services.ts'

const ATTEMPTS_MAX = 3

export interface Claim {
  readonly actor: Actor
  readonly change: Change
  readonly body: z.output<typeof inputs.Start>
}

export async function startExecution(
  claim: Claim,
  services: Services,
): Promise<Result<{ readonly grant: GrantId; readonly until: Instant }>> {
  const names = await keepNames(claim.change, claim.body.differences, services.database)
  let answer: GateAnswer | null = null
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    answer = await claimOnce(claim, names, services)
    if (answer.ok || answer.refusal.code !== 'evaluation_stale') break
  }
  if (answer === null) return refused({ code: 'evaluation_stale' })
  if (!answer.ok) return refused(answer.refusal)
  const { change, seqs } = answer
  const started = change?.execution ?? null
  if (started === null) throw new Error('a start was accepted and nothing was started')
  await services.audit.checkpointCovering(Math.max(...seqs))
  return { ok: true, value: { grant: started.grant, until: started.until } }
}

async function claimOnce(
  { actor, change, body }: Claim,
  names: Awaited<ReturnType<typeof keepNames>>,
  services: Services,
): Promise<GateAnswer> {
  // The gate compares with the database's clock, so the evaluation is dated by it.
  const now = await agreedNow(services.database.kysely, services.clock)
  const evaluated = await services.evaluation.evaluateChange(change.changeId, now)
  const command = {
    type: 'start',
    grant: newGrantId(),
    runnerKey: change.runner.publicKey,
    binding: body.binding,
    evaluated,
    grantSeconds: body.grantSeconds,
    names,
  } as const
  return services.gate.handle(actor, {
    on: 'change',
    change: change.changeId,
    workspace: null,
    command,
  })
}
