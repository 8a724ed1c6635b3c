/** `holdpoint policy push`: a new revision, made from the one in force unless told otherwise. */
import { parsePolicy } from '@holdpoint/core'
import { connect, take } from './connection.ts'
import { EXIT, usage } from './ended.ts'
import { policyProblems, readTextFile } from './policy-file.ts'
import { askWarnings, warningLines } from './policy-warnings.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  const file = call.words[0] ?? ''
  const text = await readTextFile(file)
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw policyProblems(file, parsed.problems)
  const client = connect(call.settings)
  const basedOn = await revisionOf(call, async () => {
    return take(await client.call('policy', {})).revision
  })
  const made = take(await client.call('pushPolicy', { body: { text, basedOn } }))
  const warnings = await askWarnings(parsed.policy, client)
  const { revision, digest } = made
  // The server keeps the revision in force where the text is the same.
  const alreadyInForce = revision === basedOn
  const word = alreadyInForce ? 'Already in force' : 'In force'
  call.screen.document({ revision, digest, alreadyInForce, warnings })
  call.screen.lines([
    ...warningLines(warnings, call.screen.ink),
    `${word}  policy revision ${revision}   digest ${digest}`,
  ])
  return EXIT.done
}

async function revisionOf(call: Call, inForce: () => Promise<number>): Promise<number> {
  const typed = call.flags.find('based-on')
  if (typed === null) return inForce()
  if (!/^\d{1,9}$/.test(typed)) throw usage('--based-on needs a revision’s number')
  return Number(typed)
}
