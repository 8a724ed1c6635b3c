/** What the server found when it looked at itself: one line per check, with what to do below it. */
import type { Reply } from '@holdpoint/api/client'
import type { Hue, Ink } from './render.ts'
import { safe } from './render-text.ts'

type Health = Reply<'health'>
type Check = Health['checks'][number]

const WORDS: { readonly [S in Check['state']]: { readonly word: string; readonly hue: Hue } } = {
  ok: { word: 'ok', hue: 'green' },
  attention: { word: 'look', hue: 'amber' },
  broken: { word: 'BROKEN', hue: 'red' },
}
const WORD_WIDTH = 8

export function renderHealth(health: Health, ink: Ink): readonly string[] {
  const width = Math.max(...health.checks.map(({ name }) => name.length)) + 2
  const lines = health.checks.flatMap(({ name, state, says, remedy }) => {
    const { word, hue } = WORDS[state]
    const head = `${ink(hue, word.padEnd(WORD_WIDTH))}${safe(name).padEnd(width)}${safe(says)}`
    return remedy === null ? [head] : [head, `${' '.repeat(WORD_WIDTH + width)}${safe(remedy)}`]
  })
  return [...lines, summary(health)]
}

/** The outcome is the last line. */
function summary({ checks, version }: Health): string {
  const broken = checks.filter(({ state }) => state === 'broken').length
  const open = checks.filter(({ state }) => state === 'attention').length
  const found =
    broken > 0
      ? `${broken} broken`
      : open > 0
        ? `Nothing is broken; ${open} to look at`
        : 'All is in order'
  return `${found}   version ${safe(version)}`
}

export function isBroken({ checks }: Health): boolean {
  return checks.some(({ state }) => state === 'broken')
}
