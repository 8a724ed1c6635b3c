/**
 * The one place that puts text into HTML. What is filled into a template is text until it is Markup,
 * and only this file makes Markup: text can then be no tag, no attribute and no character reference.
 */
import { type Phrase, safeText } from '@holdpoint/core'

/** HTML that was made here. */
export class Markup {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

export type Filling = string | number | Markup | readonly Markup[]

/** Tagged template: the literal parts are ours, every string that is filled in is escaped. */
export function html(literals: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  const parts = literals.map((literal, at) => literal + sourceOf(fillings[at] ?? ''))
  return new Markup(parts.join(''))
}

export const NONE = html``

/** Text of the plan, in the mono font; where something in it does not show, it is marked. */
export function raw(text: string): Markup {
  return marked(text, 'mono')
}

/** Text of the plan inside a sentence or a fact, in the text font. */
export function plainRaw(text: string): Markup {
  return marked(text, 'plain')
}

/** Our words with the plan's in between. */
export function phrase(parts: Phrase): Markup {
  return html`${parts.map((part) => (part.kind === 'text' ? html`${part.text}` : raw(part.text)))}`
}

function marked(text: string, font: 'mono' | 'plain'): Markup {
  const odd = safeText(text).escaped
  if (odd) return html`<span class="${font} odd" title="${ODD}">${text}</span>`
  return html`<span class="${font}">${text}</span>`
}

const ODD = 'Contains characters that do not show'

function sourceOf(filling: Filling): string {
  if (filling instanceof Markup) return filling.source
  if (typeof filling === 'number') return String(filling)
  if (typeof filling === 'string') return escapeText(filling)
  return filling.map((part) => part.source).join('')
}

const REFERENCES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

function escapeText(text: string): string {
  return safeText(text).text.replaceAll(/[&<>"'`]/g, (sign) => REFERENCES[sign] ?? '')
}
