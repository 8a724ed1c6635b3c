/** A policy from a file; every problem is named at once, with line and column. */
import { type ParsedPolicy, type Policy, type PolicyProblem, parsePolicy } from '@holdpoint/core'
import { badInput, Ended, EXIT } from './ended.ts'
import { readInput } from './read-input.ts'

export async function readTextFile(file: string): Promise<string> {
  const bytes = await readInput(file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badInput(`${JSON.stringify(file)} is not UTF-8 text`)
  }
}

export async function readPolicyFile(file: string): Promise<Policy> {
  const parsed = parsePolicy(await readTextFile(file))
  if (!parsed.ok) throw policyProblems(file, parsed.problems)
  return parsed.policy
}

export function policyProblems(
  file: string,
  problems: Exclude<ParsedPolicy, { ok: true }>['problems'],
): Ended {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new Ended(EXIT.usage, {
    code: 'policy_invalid',
    title: `${JSON.stringify(file)} has ${count}`,
    detail: sentencesOf(problems),
    remedy: 'Nothing was changed.',
  })
}

export function sentencesOf(problems: readonly PolicyProblem[]): string {
  return problems.map(sentence).join('\n')
}

function sentence({ line, column, path, message }: PolicyProblem): string {
  const where = path === '' ? '' : `${path}: `
  return `line ${line}, column ${column}: ${where}${message}`
}
