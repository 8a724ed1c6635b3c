/**
 * What a plan holds besides resources. Programs are always shown whole, because they can do anything;
 * the rest is counted, and shown whole where everything is.
 */
import { type AlsoRow, type AlsoSection, alsoIn, type Plan } from '@holdpoint/core'
import { unknownFieldLines, wholeAttributes } from './render-attributes.ts'
import type { Manner } from './render-resources.ts'
import { counted, safe } from './render-text.ts'

export function besideRows(plan: Plan, manner: Manner): readonly string[] {
  return alsoIn(plan).flatMap((section) => sectionRows(section, manner))
}

function sectionRows(section: AlsoSection, { ink, full }: Manner): readonly string[] {
  const { says, noun, always } = WORDS[section.kind]
  const mark = ink(section.kind === 'outputs' ? 'blue' : 'violet', MARKS[section.kind])
  const count = `${mark} ${says}${counted(section.rows.length, noun)}`
  if (!full && !always) return [`${count}   (--full)`]
  return [count, ...section.rows.flatMap(oneRow)]
}

function oneRow({ title, note, change }: AlsoRow): readonly string[] {
  const attributes = [...unknownFieldLines(change), ...wholeAttributes(change)].map(
    (line) => `      ${line}`,
  )
  return [`    ${safe(title)}  ${safe(note)}`, ...attributes]
}

const MARKS: { readonly [K in AlsoSection['kind']]: string } = {
  programs: '?',
  invocations: '?',
  deferred: '?',
  outputs: '~',
  drift: '!',
}

const WORDS: {
  readonly [K in AlsoSection['kind']]: {
    readonly says: string
    readonly noun: string
    readonly always: boolean
  }
} = {
  programs: { says: 'runs ', noun: 'program', always: true },
  invocations: { says: 'invokes ', noun: 'action', always: false },
  deferred: { says: 'puts off ', noun: 'change', always: false },
  outputs: { says: '', noun: 'output', always: false },
  drift: { says: '', noun: 'change made outside the tool', always: false },
}
