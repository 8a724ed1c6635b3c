import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html, NONE, phrase, plainRaw, raw } from './text.ts'

test('what is filled in is text, in an element and in an attribute', () => {
  const text = `<b title='x'>"&amp;\`\u202e`

  assert.equal(
    html`<p title="${text}">${text}</p>`.source,
    '<p title="&lt;b title=&#39;x&#39;&gt;&quot;&amp;amp;&#96;\\u{202E}">' +
      '&lt;b title=&#39;x&#39;&gt;&quot;&amp;amp;&#96;\\u{202E}</p>',
  )
})

test('what was made here is filled in as it is', () => {
  assert.equal(
    html`<ul>${[html`<li>${1}</li>`, NONE, html`<li>a</li>`]}</ul>`.source,
    '<ul><li>1</li><li>a</li></ul>',
  )
})

test('text of a plan is marked where something in it does not show', () => {
  assert.equal(raw('a.b').source, '<span class="mono">a.b</span>')
  assert.equal(
    plainRaw('a\u200bb').source,
    '<span class="plain odd" title="Contains characters that do not show">a\\u{200B}b</span>',
  )
})

test('our words stand as text, and what the plan says in the mono font', () => {
  const parts = [
    { kind: 'text', text: 'forces ' },
    { kind: 'data', text: '<i>' },
  ] as const

  assert.equal(phrase(parts).source, 'forces <span class="mono">&lt;i&gt;</span>')
})
