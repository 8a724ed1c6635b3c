/** How each action is drawn: word, glyph and fill always together, as on the change page. */
import { ACTION_LOOKS, type Action } from '@holdpoint/core'
import { html, type Markup } from './text.ts'

const SHAPES = {
  minus: html`<path d="M3.5 8h9" stroke-width="2"/>`,
  replace: html`<path d="M4 12h8M4 5.5h8M8 1.5v8" stroke-width="1.8"/>`,
  leave: html`<path d="M13 8H5M8 4.5L4.5 8L8 11.5M3 3.5v9"/>`,
  question: html`<path d="M5.8 6.2C5.8 4.8 6.7 4 8 4s2.2.8 2.2 2c0 1.6-2.2 1.7-2.2 3.3M8 12h.01"/>`,
  plus: html`<path d="M8 3.5v9M3.5 8h9" stroke-width="1.8"/>`,
  tilde: html`<path d="M3 9.2c1.2-2.6 3-2.6 5-1.2s3.8 1.4 5-1.2" stroke-width="1.8"/>`,
  enter: html`<path d="M3 8h8M8 4.5L11.5 8L8 11.5M13 3.5v9"/>`,
  arrow: html`<path d="M3 8h9M9 4.5L12.5 8L9 11.5"/>`,
  dot: html`<path d="M8 8h.01" stroke-width="3.4"/>`,
  lock: html`<path d="M3.5 7h9v6.5h-9zM5.5 7V5.3a2.5 2.5 0 015 0V7" stroke-width="1.5"/>`,
  clock: html`<path d="M14 8A6 6 0 112 8a6 6 0 0112 0M8 4.8V8l2.2 1.5" stroke-width="1.5"/>`,
  warn: html`<path d="M8 1.7l6.6 12H1.4zM8 6v3.7M8 11.9h.01" stroke-width="1.6"/>`,
} as const

export type IconName = keyof typeof SHAPES

/** Once in a page; every icon then refers to its shape. */
export function iconShapes(): Markup {
  const symbols = Object.entries(SHAPES).map(
    ([name, shape]) => html`<symbol id="i-${name}" viewBox="0 0 16 16">${shape}</symbol>`,
  )
  return html`<svg class="shapes" aria-hidden="true">${symbols}</svg>`
}

export function icon(name: IconName, size: number): Markup {
  return html`<svg class="icon" width="${size}" height="${size}" aria-hidden="true"><use href="#i-${name}"/></svg>`
}

export function tile(action: Action): Markup {
  const look = ACTION_LOOKS[action]
  return html`<span class="tile ${look.fill} hue-${action}" role="img" aria-label="${look.word}">${icon(look.glyph, 13)}</span>`
}
