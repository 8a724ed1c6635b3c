/** docs/reference/policy.md: what rules can see, from the vocabulary that checks them at load. */
import { ACCEPTABLE, ACTIONS, MESSAGE_LENGTH_MAX } from '@holdpoint/core'
import * as vocabulary from '../../packages/core/src/policy/vocabulary.ts'

export function policyPage(): string {
  return `${[
    '# What rules can see',
    '',
    'Generated from the vocabulary. `match` sees one `resource`; `when` sees the whole change.',
    'A word that is not here is refused when the policy is loaded. A fact that nobody knows, and a',
    'value that is hidden or decided at apply, is an error when it is compared, never false.',
    '',
    `Actions: ${ACTIONS.map(code).join(', ')}. A rule may \`accept\`: ${ACCEPTABLE.map(code).join(', ')}.`,
    `A message has at most ${MESSAGE_LENGTH_MAX} characters.`,
    ...Object.values(vocabulary).flatMap(typeSection),
  ].join('\n')}\n`
}

function typeSection(candidate: unknown): readonly string[] {
  if (typeof candidate !== 'object' || candidate === null) return []
  const name: unknown = Reflect.get(candidate, 'name')
  const fields: unknown = Reflect.get(candidate, 'fields')
  if (typeof name !== 'string' || typeof fields !== 'object' || fields === null) return []
  const rows = Object.entries(fields).map(
    ([field, type]) => `| \`${field}\` | \`${String(type)}\` |`,
  )
  return ['', `## ${name}`, '', '| field | type |', '|---|---|', ...rows]
}

function code(word: string): string {
  return `\`${word}\``
}
