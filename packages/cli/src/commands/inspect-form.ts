/** In which form `inspect` says what a plan does. One at a time: two would be none on one stream. */
import { usage } from './ended.ts'
import type { Flags } from './row.ts'

export type InspectForm = 'terminal' | 'json' | 'markdown' | 'html'

const FORMS = ['json', 'markdown', 'html'] as const

export function formOf(flags: Pick<Flags, 'has'>): InspectForm {
  const [first, second] = FORMS.filter((form) => flags.has(form))
  if (first !== undefined && second !== undefined) {
    throw usage(`--${first} and --${second} exclude each other`)
  }
  if (flags.has('full') && (first === 'markdown' || first === 'html')) throw usage(WHY[first])
  return first ?? 'terminal'
}

const WHY = {
  markdown:
    '--full is for the terminal: --markdown always fits a comment and says what it left out',
  html: '--full is for the terminal: --html shows every resource already',
} as const
