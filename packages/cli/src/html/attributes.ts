/** The values of one change, old and new by position and sign, never by colour alone. */
import {
  type AttributeRow,
  type AttributeView,
  attributesOf,
  attributeTitle,
  type DiffLine,
  labelWithin,
  lookOf,
  noteText,
  type ResourceChange,
  type Side,
  unknownFieldsWords,
} from '@holdpoint/core'
import { counted } from '../render-text.ts'
import { icon } from './looks.ts'
import { html, type Markup, NONE, phrase, plainRaw, raw } from './text.ts'

export function attributeTable(change: ResourceChange): Markup {
  const { attributes, folded, unchanged } = attributesOf(change)
  const rows = [...attributes.map(attribute), ...(folded.length === 0 ? [] : [decided(folded)])]
  const table = rows.length === 0 ? NONE : html`<table><tbody>${rows}</tbody></table>`
  return html`<div class="attributes">${table}${foot(change, unchanged)}</div>`
}

function foot(change: ResourceChange, unchanged: number): Markup {
  const strange = unknownFieldsWords(change)
  const { previousAddress } = change
  const lines = [
    ...(unchanged === 0 ? [] : [html`<p>${counted(unchanged, 'value')} unchanged.</p>`]),
    ...(previousAddress === null ? [] : [html`<p>Was ${raw(previousAddress)}.</p>`]),
    ...(strange.length === 0 ? [] : [html`<p class="strange">${phrase(strange)}.</p>`]),
  ]
  return lines.length === 0 ? NONE : html`<div class="foot">${lines}</div>`
}

function attribute({ name, rows, forces, same, tags }: AttributeView): Markup {
  const chips = tags.map((tag) => html` <span class="tag">${tag}</span>`)
  const cause = forces ? html` <span class="tag forces">forces the replacement</span>` : NONE
  const rest =
    same === 0 ? NONE : html`<div class="fold">⋯ ${counted(same, 'value')} unchanged</div>`
  return html`<tr><th scope="row">${raw(attributeTitle(name))}${chips}${cause}</th><td>${rows.map(
    (row) => value(row, name),
  )}${rest}</td></tr>
`
}

function decided(labels: readonly string[]): Markup {
  return html`<tr><th scope="row">${counted(labels.length, 'attribute')}</th><td>${unknownChip()} <span class="quiet">${raw(
    labels.join(', '),
  )}</span></td></tr>
`
}

function value(row: AttributeRow, name: string): Markup {
  const note = noteText(row)
  const part = labelWithin(row, name)
  const label = part === null ? NONE : html`<span class="label">${raw(part)}</span> `
  const said = note === null ? NONE : html`<span class="quiet">${note}</span> `
  return html`<div class="value">${label}${said}${row.note === 'order' ? NONE : shown(row)}</div>`
}

function shown(row: AttributeRow): Markup {
  const look = lookOf(row)
  switch (look.kind) {
    case 'inline':
      return html`<del>${raw(look.old)}</del>${becomes()}<ins>${raw(look.now)}</ins>`
    case 'two_lines':
      return html`<div class="lines">${sideLine('-', look.old)}${sideLine('+', look.now)}</div>`
    case 'one':
      return one(look.sign, look.text)
    case 'hidden':
      return hiddenChip(look.text)
    case 'unknown': {
      const old = look.old === null ? NONE : html`<del>${raw(look.old)}</del>${becomes()}`
      return html`${old}${unknownChip()}`
    }
    case 'lines':
      return html`<div class="lines">${look.lines.map(diffLine)}</div>`
  }
}

function becomes(): Markup {
  return html` <span class="arrow" role="img" aria-label="becomes">→</span> `
}

const SIGNS = {
  '+': { kind: 'added', says: 'added' },
  '-': { kind: 'removed', says: 'removed' },
  '=': { kind: 'same', says: 'unchanged' },
  ' ': { kind: 'same', says: 'unchanged' },
} as const

function one(sign: keyof typeof SIGNS, text: string): Markup {
  if (!text.includes('\n')) return line(sign, raw(text))
  return html`<div class="lines">${text.split('\n').map((each) => line(sign, raw(each)))}</div>`
}

function sideLine(sign: '+' | '-', { before, part, after }: Side): Markup {
  const strong = part === '' ? NONE : html`<b>${raw(part)}</b>`
  return line(sign, html`${raw(before)}${strong}${raw(after)}`)
}

function line(sign: keyof typeof SIGNS, content: Markup): Markup {
  const { kind, says } = SIGNS[sign]
  return html`<div class="line ${kind}"><span class="sign" role="img" aria-label="${says}">${sign}</span><span>${content}</span></div>`
}

function diffLine(each: DiffLine): Markup {
  if (each.kind === 'fold')
    return html`<div class="fold">⋯ ${counted(each.count, 'line')} unchanged</div>`
  return line(LINE_SIGNS[each.kind], raw(each.text))
}

const LINE_SIGNS = { same: ' ', removed: '-', added: '+' } as const

export function hiddenChip(text: string): Markup {
  return html`<span class="chip hidden">${icon('lock', 12)}${text}</span>`
}

export function unknownChip(text = 'decided at apply'): Markup {
  return html`<span class="chip unknown">${icon('clock', 12)}${plainRaw(text)}</span>`
}
