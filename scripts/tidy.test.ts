/**
 * The house rules as a test (CONTRIBUTING, "House rules"). Every message says what to write
 * instead. There are no exemptions: a rule that cannot be kept is deleted.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeRules } from './tidy/rules-code.ts'
import { importRules } from './tidy/rules-imports.ts'
import { wordRules } from './tidy/rules-words.ts'
import { listFiles, readSource, sourceOf } from './tidy/source.ts'

const code = listFiles([
  'packages/*/{src,bin}/**/*.{ts,tsx,mjs,css}',
  'scripts/**/*.{ts,mjs}',
  'test/**/*.{ts,mjs}',
  '*.json',
])
const words = listFiles(['**/*', '.ci/**/*', '.github/**/*']).filter((path) => /\.\w+$/.test(path))

test('the rules have something to look at', () => {
  assert.ok(code.length > 100, `only ${code.length} files of code were found`)
  assert.ok(words.length > code.length, `only ${words.length} files were found`)
})

for (const rule of [...importRules, ...codeRules]) {
  test(rule.name, () => {
    assert.deepEqual(broken(rule, code), [])
  })
}

for (const rule of wordRules) {
  test(rule.name, () => {
    assert.deepEqual(broken(rule, words), [])
  })
}

for (const rule of [...importRules, ...codeRules, ...wordRules]) {
  test(`it is noticed when this is broken: ${rule.name}`, () => {
    const example = sourceOf(rule.caught.path, rule.caught.text)

    assert.ok(rule.applies(example.path))
    assert.equal(rule.find(example).length > 0, true)
  })
}

function broken(rule: (typeof codeRules)[number], paths: readonly string[]): readonly string[] {
  return paths.filter(rule.applies).flatMap((path) => {
    const hits = rule.find(readSource(path))
    return hits.map(({ line, message }) => `${path}:${line}  ${message}`)
  })
}
