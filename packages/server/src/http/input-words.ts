/**
 * What is wrong with what was sent, in words: a validator's own sentences speak of its patterns and
 * types, which say nothing to whoever typed a name.
 */
import type { z } from 'zod'

export function problemText(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.')
  return path === '' ? words(issue) : `${path}: ${words(issue)}`
}

function words(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? 'of another kind'}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return `has a field that is not known: ${issue.keys.join(', ')}`
    case 'too_big':
      return `must be at most ${amount(issue.maximum, issue.origin)}`
    case 'too_small':
      return `must be at least ${amount(issue.minimum, issue.origin)}`
    case 'invalid_format':
      // Where a schema gives words of its own, those are meant for people.
      return issue.message.startsWith('Invalid ') ? `must be ${issue.format} text` : issue.message
    default:
      return issue.message
  }
}

const TYPES: { readonly [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  record: 'an object',
}

function amount(count: number | bigint, origin: string): string {
  if (origin === 'string') return `${count} characters long`
  return origin === 'array' ? `${count} entries` : String(count)
}
