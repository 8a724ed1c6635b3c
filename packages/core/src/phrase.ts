/**
 * A sentence whose parts are ours (text) or the plan's (data). Data is shown in the mono font and
 * escaped; text never holds anything that came from a plan.
 */
export interface PhrasePart {
  readonly kind: 'text' | 'data'
  readonly text: string
}
export type Phrase = readonly PhrasePart[]

/** Tagged template: the literal parts are text, what is filled in is data. */
export function say(literals: TemplateStringsArray, ...data: readonly string[]): Phrase {
  return literals
    .flatMap((text, at): Phrase => {
      const value = data[at]
      const own: PhrasePart = { kind: 'text', text }
      return value === undefined ? [own] : [own, { kind: 'data', text: value }]
    })
    .filter((part) => part.text !== '')
}

export function plain(text: string): Phrase {
  return text === '' ? [] : [{ kind: 'text', text }]
}

export function join(...phrases: readonly Phrase[]): Phrase {
  const full = phrases.filter((phrase) => phrase.length > 0)
  return full.flatMap((phrase, at) => (at === 0 ? phrase : [...plain(' '), ...phrase]))
}

/** For accessible names and search. */
export function phraseText(phrase: Phrase): string {
  return phrase.map((part) => part.text).join('')
}
