/**
 * Text of a plan on every surface that `inspect` has. Whatever an author writes, nothing of it is
 * more than text: no control, no direction, no link, no tag, no mention. A real Markdown reader
 * judges the comment; the page is judged in a browser besides (test/e2e).
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { inspectDigest, offlineHide, readPlan, redact, summarise } from '@holdpoint/core'
import { marked } from 'marked'
import { CANARY, HOSTILE_TEXTS, hostileDocuments } from '../../../test/fixtures/hostile-plans.ts'
import { renderHtml } from './html/page.ts'
import { MARKDOWN_BYTES_MAX } from './markdown-room.ts'
import { plainInk } from './render.ts'
import { renderMarkdown } from './render-markdown.ts'
import { type Inspected, renderInspected } from './render-plan.ts'

/** What does not show by itself, and every space that is not the space. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}/u

const plans = hostileDocuments().map(({ name, tool, document }) => ({
  name: `${tool} with ${name}`,
  inspected: inspect(document),
}))

function inspect(document: string): Inspected {
  const parsed = readPlan(Buffer.from(document), nodePrimitives)
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.refusal.message)
  const plan = redact(parsed.plan, offlineHide)
  return { plan, summary: summarise(plan), digest: inspectDigest(plan, nodePrimitives) }
}

function assertShown(lines: readonly string[], name: string): void {
  for (const line of lines) {
    const found = UNSHOWN.exec(line)
    assert.equal(found, null, `${name}: U+${found?.[0].codePointAt(0)?.toString(16)} in ${line}`)
  }
}

test('there is a plan of each tool with each hostile text, and each is read', () => {
  assert.equal(plans.length, 3 * Object.keys(HOSTILE_TEXTS).length)
  for (const { name, inspected } of plans) {
    assert.ok(inspected.plan.resources.length >= 6, name)
    assert.match(JSON.stringify(inspected.plan), new RegExp(CANARY), name)
  }
})

test('a terminal is written nothing but what shows, and no line that a plan began', () => {
  for (const { name, inspected } of plans) {
    for (const full of [false, true]) {
      const lines = renderInspected(inspected, { ink: plainInk, columns: 80, full })

      assertShown(lines, name)
      assert.deepEqual(
        lines.filter((line) => /^(?:Applied|Digest 00)/.test(line)),
        [],
        name,
      )
      assert.ok(lines.some((line) => line.includes(CANARY)) || !full, name)
    }
  }
})

/** The tags that a comment is made of. */
const COMMENT_TAGS = new Set('h3 p code pre ul li blockquote strong details summary'.split(' '))

test('a comment has no tag but its own, and text of a plan stands only in code', () => {
  for (const { name, inspected } of plans) {
    const lines = renderMarkdown(inspected)
    const page = marked.parse(lines.join('\n'), { async: false, gfm: true })
    const tags = [...page.matchAll(/<\/?([a-z][^\s/>]*)[^>]*>/gi)]
    const strange = tags.filter(([, tag = '']) => !COMMENT_TAGS.has(tag))
    const withAttributes = tags.filter(([tag]) => /\s/.test(tag) && !/^<code class="/.test(tag))
    const prose = page.replaceAll(/<(pre|code)[ >][\s\S]*?<\/\1>/g, '')

    assertShown(lines, name)
    assert.deepEqual(
      [...strange, ...withAttributes].map(([tag]) => tag),
      [],
      name,
    )
    assert.equal(prose.includes(CANARY), false, `${name}: ${prose}`)
    assert.doesNotMatch(prose, /@|#|evil|https?:|javascript:|approved/i, name)
    assert.match(page, new RegExp(`<code[^>]*>[^<]*${CANARY}`), name)
    assert.ok(Buffer.byteLength(lines.join('\n')) <= MARKDOWN_BYTES_MAX, name)
  }
})

test('what folds in a comment is closed where it was opened', () => {
  for (const { name, inspected } of plans) {
    const page = marked.parse(renderMarkdown(inspected).join('\n'), { async: false, gfm: true })
    const prose = page.replaceAll(/<(pre|code)[ >][\s\S]*?<\/\1>/g, '')
    const marks = [...prose.matchAll(/<(\/?)details>/g)].map(([, slash]) => slash)

    assert.deepEqual(
      marks,
      marks.map((_, at) => (at % 2 === 0 ? '' : '/')),
      name,
    )
    assert.ok(marks.length >= 4, name)
  }
})

const PAGE_TAGS = new Set(
  (
    '!doctype html head meta title style body main header section footer h1 h2 p ul li details ' +
    'summary span b del ins table tbody tr th td div dl dt dd svg symbol path use marker g rect ' +
    'text tspan'
  ).split(' '),
)

test('a page has no tag and no attribute but its own', () => {
  for (const { name, inspected } of plans) {
    const lines = renderHtml(inspected)
    const tags = [...lines.join('\n').matchAll(/<\/?([^\s/>]*)([^>]*)>/g)]
    const strange = tags.filter(([, tag = '']) => !PAGE_TAGS.has(tag))
    const active = tags.filter(([, , rest = '']) =>
      /\son|javascript|src=|href="(?!#i-)/i.test(rest),
    )

    assertShown(lines, name)
    assert.deepEqual(
      [...strange, ...active].map(([tag]) => tag),
      [],
      name,
    )
    assert.ok(
      lines.some((line) => line.includes(CANARY)),
      name,
    )
  }
})

test('the picture is in the page of a plan whose references are hostile', () => {
  const drawn = plans.filter(({ inspected }) => inspected.plan.references.length > 0)

  assert.ok(drawn.length >= Object.keys(HOSTILE_TEXTS).length)
  for (const { name, inspected } of drawn) {
    assert.ok(
      renderHtml(inspected).some((line) => line.includes('class="graph"')),
      name,
    )
  }
})
