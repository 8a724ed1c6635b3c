/**
 * A plan as a comment on a pull request: what it does, what is lost, then the rest folded. It always
 * fits a comment; what is destroyed is listed before anything else takes room, and whatever is left
 * out is counted at the top. Text of the plan goes through core/safe-markdown.ts and nowhere else.
 */
import { storesData } from '@holdpoint/api/stored-data'
import {
  ACTION_LOOKS,
  type Action,
  type AlsoSection,
  actionCount,
  alsoIn,
  DANGER_ORDER,
  dataDangerOf,
  effectOf,
  headline,
  keyOf,
  losesData,
  lossFactsOf,
  markdownCode,
  markdownFence,
  type Plan,
  planWarnings,
  REMAINS_WORDS,
  type ResourceChange,
  reachOf,
  recoveryOf,
  sortByDanger,
  unknownFieldsWords,
} from '@holdpoint/core'
import { attributeLines } from './markdown-attributes.ts'
import { markdownPhrase, reachPart } from './markdown-reach.ts'
import { MARKDOWN_BYTES_MAX, type Room, roomOf, sizeOf } from './markdown-room.ts'
import { type Inspected, plannedCounts, plannedMarks } from './render-plan.ts'
import { counted } from './render-text.ts'

const ADDRESS_MAX = 1_000
const WORDS_MAX = 160
const VALUE_LINE_MAX = 240
const VALUE_LINES_MAX = 40
const WARNINGS_MAX = 12
/** For the head, the sentences that say what was cut, and the ends of sections. */
const RESERVED = 4_000
/** Above this share of the room, what is destroyed is listed by name and what remains of it. */
const TOLD_SHARE = 0.5

export function renderMarkdown(inspected: Inspected): readonly string[] {
  const { plan, summary, digest } = inspected
  const changing = plan.resources.filter((resource) => resource.action !== 'noop')
  const sorted = sortByDanger(changing, storesData)
  const warnings = warningLines(plan)
  const room = roomOf(MARKDOWN_BYTES_MAX - RESERVED - sizeOf(warnings))
  const lost = destroyedLines(sorted.filter(isDestroyed), room)
  const reach = reachOf(plan, storesData)
  const reaches = reachPart(reach.consequences, room)
  const also = alsoIn(plan)
  const acting = also.filter(acts).map((section) => alsoLines(section, room))
  const sections = DANGER_ORDER.map((action) =>
    sectionLines(action, { resources: sorted.filter((each) => each.action === action), room }),
  )
  const rest = also.filter((section) => !acts(section)).map((section) => alsoLines(section, room))
  const touches = reachPart(reach.places, room)
  const parts = [
    lost,
    { ...reaches, lines: titled('**What it reaches**', reaches.lines) },
    ...acting,
    ...sections,
    ...rest,
    { ...touches, lines: foldedList('What it touches', touches.lines) },
  ]
  const cuts = parts.flatMap((part) => part.cuts)
  return [
    `### ${headline(plan, summary)}`,
    '',
    plannedText(inspected),
    ...warnings,
    ...cutLines(cuts),
    ...parts.flatMap((part) => part.lines),
    '',
    `Digest \`${digest}\``,
  ]
}

interface Part {
  readonly lines: readonly string[]
  /** What is not there, each as a phrase: `412 updates`. */
  readonly cuts: readonly string[]
}

const NOTHING: Part = { lines: [], cuts: [] }

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, '', ...lines]
}

function foldedList(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : folded(title, ['', ...lines])
}

function plannedText({ plan, summary }: Inspected): string {
  const counts = plannedCounts(summary)
  const marks = plannedMarks(plan)
  const tool = markdownCode(`${plan.tool} ${plan.toolVersion}`.trim(), WORDS_MAX)
  const done = counts.length === 0 ? 'no changes' : counts.join(', ')
  return `Planned by ${tool}: ${[done, ...marks].join(', ')}.`
}

function warningLines(plan: Plan): readonly string[] {
  const warnings = planWarnings(plan)
  const shown = warnings.slice(0, WARNINGS_MAX).map((text) => `- ${markdownCode(text, 400)}`)
  const rest = warnings.length - shown.length
  if (warnings.length === 0) return []
  return ['', '**Warnings**', '', ...shown, ...(rest > 0 ? [`- and ${rest} more`] : [])]
}

function cutLines(cuts: readonly string[]): readonly string[] {
  if (cuts.length === 0) return []
  const all = '`holdpoint inspect --full <plan>` shows all of it.'
  return ['', `**Cut to fit a comment.** Not shown below: ${cuts.join('; ')}. ${all}`]
}

function isDestroyed({ action }: Pick<ResourceChange, 'action'>): boolean {
  return action === 'delete' || action === 'replace'
}

/** Every one by name, with as many words as there is room for. */
function destroyedLines(lost: readonly ResourceChange[], room: Room): Part {
  if (lost.length === 0) return NOTHING
  const told = lostBlocks(lost, tellLost)
  const stored = lostBlocks(lost, (each) =>
    (losesData(each, storesData) ? tellLost : lostName)(each),
  )
  const short = lostBlocks(lost, lostShort)
  const share = room.left() * TOLD_SHARE
  const lines = [told, stored].find((each) => sizeOf(each) <= share) ?? fittingOrNone(short, room)
  if (lines !== null && room.take(lines)) return { lines, cuts: [] }
  return tooManyLost(lost, room)
}

function fittingOrNone(lines: readonly string[], room: Room): readonly string[] | null {
  return sizeOf(lines) <= room.left() ? lines : null
}

function lostBlocks(
  lost: readonly ResourceChange[],
  tell: (resource: ResourceChange) => string,
): readonly string[] {
  const danger = dataDangerOf({ resources: lost }, storesData)
  const stored = lost.filter((each) => losesData(each, storesData))
  const other = lost.filter((each) => !losesData(each, storesData))
  const also = danger === null ? '' : 'also '
  const title = `**It ${also}destroys ${counted(other.length, 'resource')}**`
  return [
    ...(danger === null ? [] : ['', '> [!CAUTION]', `> **${danger.title}**`, '>']),
    ...stored.map((each) => `> - ${tell(each)}`),
    ...(other.length === 0 ? [] : ['', title, '']),
    ...other.map((each) => `- ${tell(each)}`),
  ]
}

/** More than a comment holds even by name: as many as fit, and how many do not. */
function tooManyLost(lost: readonly ResourceChange[], room: Room): Part {
  const head = ['', `**It destroys ${counted(lost.length, 'resource')}**`, '']
  room.take(head)
  const shown: string[] = []
  for (const resource of lost) {
    const line = [`- ${lostShort(resource)}`]
    if (!room.take(line)) break
    shown.push(...line)
  }
  const missing = `${lost.length - shown.length} of ${lost.length} destroyed resources`
  return { lines: [...head, ...shown, `- **and ${missing}, which do not fit**`], cuts: [missing] }
}

function tellLost(resource: ResourceChange): string {
  const facts = losesData(resource, storesData) ? lossFactsOf(resource) : []
  const told = facts.map(({ label, value }) => `${label}: ${markdownCode(value, WORDS_MAX)}`)
  const remains = told.length === 0 ? '' : ` ${told.join(', ')}.`
  return `${lostName(resource)} ${markdownPhrase(effectOf(resource, storesData))}${remains}`.trim()
}

function lostName(resource: ResourceChange): string {
  return `**${ACTION_LOOKS[resource.action].word}** ${addressOf(resource)}`
}

/** What remains of stored data is said even where there is room for nothing else. */
function lostShort(resource: ResourceChange): string {
  if (!losesData(resource, storesData)) return lostName(resource)
  return `${lostName(resource)} ${REMAINS_WORDS[recoveryOf(resource).remains]}.`
}

function addressOf(resource: ResourceChange): string {
  return markdownCode(keyOf(resource), ADDRESS_MAX)
}

interface Rows {
  readonly resources: readonly ResourceChange[]
  readonly room: Room
}

function sectionLines(action: Action, { resources, room }: Rows): Part {
  if (resources.length === 0 || action === 'noop') return NOTHING
  const noun = (count: number): string => actionCount(action, count)
  const lines: string[] = []
  const cut = { missing: 0, bare: 0 }
  for (const resource of resources) {
    const line = [
      '',
      `${addressOf(resource)} ${markdownPhrase(effectOf(resource, storesData))}`.trim(),
    ]
    const found = fitting(room, { line, values: valueLines(resource) })
    // The name of what is destroyed stands in the list above already.
    if (found.cut !== null) cut[isDestroyed({ action }) ? 'bare' : found.cut] += 1
    lines.push(...found.lines)
  }
  const cuts = cutsOf(cut, noun)
  return { lines: folded(noun(resources.length), [...lines, ...more(cuts)]), cuts }
}

interface Cut {
  readonly missing: number
  readonly bare: number
}

/** With its values, else without them, else not at all. */
function fitting(
  room: Room,
  { line, values }: { readonly line: readonly string[]; readonly values: readonly string[] },
): { readonly lines: readonly string[]; readonly cut: keyof Cut | null } {
  if (room.take([...line, ...values])) return { lines: [...line, ...values], cut: null }
  return room.take(line) ? { lines: line, cut: 'bare' } : { lines: [], cut: 'missing' }
}

function cutsOf({ missing, bare }: Cut, noun: (count: number) => string): readonly string[] {
  return [
    ...(missing === 0 ? [] : [noun(missing)]),
    ...(bare === 0 ? [] : [`the values of ${noun(bare)}`]),
  ]
}

function more(cuts: readonly string[]): readonly string[] {
  return cuts.length === 0 ? [] : ['', `Not shown: ${cuts.join('; ')}.`]
}

/** The blank lines are what makes the inside Markdown again. */
function folded(title: string, lines: readonly string[]): readonly string[] {
  return ['', `<details><summary>${title}</summary>`, ...lines, '', '</details>']
}

function valueLines(resource: ResourceChange): readonly string[] {
  const strange = unknownFieldsWords(resource)
  const told = strange.length === 0 ? [] : ['', markdownPhrase(strange)]
  const lines = attributeLines(resource)
  if (lines.length === 0) return told
  const shown = lines.slice(0, VALUE_LINES_MAX)
  const rest = lines.length - shown.length
  const cut = rest > 0 ? [`  ${counted(rest, 'more line')}, not shown`] : []
  const options = { info: 'diff', charactersMax: VALUE_LINE_MAX } as const
  return [...told, '', ...markdownFence([...shown, ...cut], options)]
}

function acts({ kind }: AlsoSection): boolean {
  return kind === 'programs' || kind === 'invocations' || kind === 'deferred'
}

function alsoLines(section: AlsoSection, room: Room): Part {
  const title = `${section.title}: ${section.rows.length}`
  const lines: string[] = []
  const cut = { missing: 0, bare: 0 }
  for (const { title: name, note, change } of section.rows) {
    const line = ['', `${markdownCode(name, ADDRESS_MAX)} ${markdownCode(note, WORDS_MAX)}`]
    const found = fitting(room, { line, values: valueLines(change) })
    if (found.cut !== null) cut[found.cut] += 1
    lines.push(...found.lines)
  }
  const cuts = cutsOf(cut, (count) => `${count} of “${section.title}”`)
  const inside = ['', section.explains, ...lines, ...more(cuts)]
  return { lines: folded(title, inside), cuts }
}
