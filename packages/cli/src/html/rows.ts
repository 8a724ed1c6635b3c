/** Resources as rows, worst first, each with its values folded; then what else is in the plan. */
import { storesData } from '@holdpoint/api/stored-data'
import {
  ACTION_LOOKS,
  type Action,
  type AlsoSection,
  effectOf,
  keyOf,
  losesData,
  lossFactsOf,
  opaqueOf,
  type RecoveryFact,
  type ResourceChange,
  safeText,
  splitAddress,
  unknownFieldsOf,
} from '@holdpoint/core'
import { attributeTable } from './attributes.ts'
import { tile } from './looks.ts'
import { html, type Markup, NONE, phrase, plainRaw, raw } from './text.ts'

/** Beyond these a row says what happens and leaves the values out; what is lost keeps its values. */
export const VALUES_SHOWN_MAX = 2_000

export function rowList(resources: readonly ResourceChange[]): Markup {
  const rows = resources.map((resource, at) => resourceRow(resource, at < VALUES_SHOWN_MAX))
  return html`<ul class="card list">${rows}</ul>`
}

/** What is destroyed is shown whole, however many there are. */
export function keepsValues(action: Action): boolean {
  return action === 'delete' || action === 'replace'
}

function resourceRow(resource: ResourceChange, hasRoom: boolean): Markup {
  const look = ACTION_LOOKS[resource.action]
  const head = html`${tile(resource.action)}<span class="text">${address(resource)}<span class="effect">${phrase(
    effectOf(resource, storesData),
  )}${marks(resource)}</span></span><span class="verb hue-${resource.action}">${look.word}</span>`
  if (!hasRoom && !keepsValues(resource.action)) {
    return html`<li><div class="row">${head}</div></li>
`
  }
  return html`<li><details><summary class="row">${head}</summary>${lossFacts(resource)}${attributeTable(resource)}</details></li>
`
}

/** The block at the top has room for the first few; what remains is said of each. */
function lossFacts(resource: ResourceChange): Markup {
  return losesData(resource, storesData) ? factList(lossFactsOf(resource)) : NONE
}

export function factList(facts: readonly RecoveryFact[]): Markup {
  const pairs = facts.map(
    ({ label, value }) => html`<div><dt>${label}</dt><dd>${plainRaw(value)}</dd></div>`,
  )
  return html`<dl class="facts">${pairs}</dl>`
}

/** Module grey, the end never cut. */
export function address(resource: ResourceChange): Markup {
  const key = keyOf(resource)
  const { module, name } = splitAddress(key, resource.module)
  const path = module === '' ? NONE : html`<span class="module">${module}</span>`
  const odd = safeText(key).escaped ? 'address odd' : 'address'
  return html`<span class="${odd}">${path}<b>${name}</b></span>`
}

function marks(resource: ResourceChange): Markup {
  const odd = opaqueOf(resource).odd || safeText(resource.address).escaped
  const strange = unknownFieldsOf(resource).length > 0
  return html`${odd ? tag('contains characters that do not show') : NONE}${strange ? tag('has fields this version does not know') : NONE}`
}

function tag(text: string): Markup {
  return html` <span class="tag">${text}</span>`
}

export function alsoSection({ title, explains, rows }: AlsoSection): Markup {
  const items = rows.map(
    (
      row,
    ) => html`<li><details${rows.length <= 5 ? html` open` : NONE}><summary class="row plain-row"><span class="text">${raw(
      row.title,
    )} <span class="quiet">${plainRaw(row.note)}</span></span></summary>${attributeTable(row.change)}</details></li>
`,
  )
  return html`<section><h2>${title} <span class="count">${rows.length}</span></h2><p class="quiet small">${explains}</p><ul class="card list">${items}</ul></section>`
}
