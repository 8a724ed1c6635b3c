/** A file of patterns; every problem is named at once, with line and column. */
import { type HidingPatterns, parseRedactPatterns } from '@holdpoint/core'
import { Ended, EXIT } from './ended.ts'
import { readTextFile, sentencesOf } from './policy-file.ts'

export async function readPatternsFile(file: string): Promise<HidingPatterns> {
  const parsed = parseRedactPatterns(await readTextFile(file))
  if (parsed.ok) return parsed.patterns
  const { problems } = parsed
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  throw new Ended(EXIT.usage, {
    code: 'patterns_invalid',
    title: `${JSON.stringify(file)} has ${count}`,
    detail: sentencesOf(problems),
    remedy: 'Nothing was read: without its patterns more would be shown than you want.',
  })
}
