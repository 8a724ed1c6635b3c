import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLine } from './parse.ts'
import { usageLine } from './row.ts'
import { commandRows } from './table.ts'

function parse(...words: readonly string[]) {
  return parseLine(words, commandRows)
}

function call(...words: readonly string[]) {
  const found = parse(...words)
  assert.ok(found.ok, found.ok ? '' : found.ended.message)
  assert.equal(found.parsed.type, 'call')
  if (found.parsed.type !== 'call') throw new Error('not a call')
  return found.parsed
}

function problem(...words: readonly string[]): string {
  const found = parse(...words)
  assert.equal(found.ok, false)
  if (found.ok) return ''
  assert.equal(found.ended.exitCode, 2)
  return found.ended.message
}

test('the longest command that fits is meant', () => {
  assert.deepEqual(call('gate', 'finish', '--exit-code', '0').row.path, ['gate', 'finish'])
  assert.deepEqual(call('gate', 'plan.bin').line.words, ['plan.bin'])
})

test('shared flags may stand before the command, with their values', () => {
  const { row, line } = call('--server', 'https://a.example', '--json', 'show', '8fq2kd')

  assert.deepEqual(row.path, ['show'])
  assert.equal(line.flags.find('server'), 'https://a.example')
  assert.equal(line.flags.has('json'), true)
})

test('words after -- are handed on untouched, and only where the tool takes them', () => {
  assert.deepEqual(call('apply', '--no-wait', '--', '-target=a', '--json').line.rest, [
    '-target=a',
    '--json',
  ])
  assert.equal(problem('inbox', '--', 'x'), 'Nothing is handed on after -- here')
})

test('a tool’s argument in front of -- is refused with the way to give it', () => {
  assert.equal(
    problem('apply', '-target=a'),
    'There is no flag "-target=a" here; arguments for the tool go after --',
  )
  assert.equal(
    problem('apply', 'plan.bin'),
    '"plan.bin" is one word too many; arguments for the tool go after --',
  )
})

test('a short flag and its long form are the same', () => {
  assert.equal(call('apply', '-m', 'why').line.flags.find('words'), 'why')
  assert.equal(call('audit', 'export', '-o', 'file').line.flags.find('output'), 'file')
})

test('flags that may be given again are a list, others are refused twice', () => {
  const { line } = call('access', 'token', 'issue', 'ci', '--verb', 'open', '--verb', 'execute')

  assert.deepEqual(line.flags.list('verb'), ['open', 'execute'])
  assert.equal(problem('show', 'a', '--as', 'a', '--as', 'b'), '--as was given twice')
})

test('a value that is missing or not wanted is named', () => {
  assert.equal(problem('evaluate', 'f', '--policy'), '--policy needs a value: file')
  assert.equal(problem('show', 'a', '--json=no'), '--json takes no value')
})

test('what is missing is named as help names it', () => {
  assert.equal(
    problem('resolve', '8fq2kd'),
    'holdpoint resolve needs <applied|not-applied|in-part>',
  )
  assert.equal(
    problem('access', 'team', 'add', 'dba'),
    'holdpoint access team add needs <person...>',
  )
})

test('a misspelt word brings the nearest one', () => {
  assert.equal(problem('aprove', 'x'), 'There is no command "aprove"; did you mean approve?')
  assert.equal(problem('insp'), 'There is no command "insp"; did you mean inspect?')
  assert.equal(
    problem('frobnicate'),
    'There is no command "frobnicate"; holdpoint help lists them all',
  )
  assert.equal(
    problem('apply', '--nowait'),
    'There is no flag "--nowait" here; did you mean --no-wait?',
  )
})

test('hostile words are quoted so that they cannot act on a terminal', () => {
  assert.equal(
    problem('\u001b[2J'),
    'There is no command "\\u001b[2J"; holdpoint help lists them all',
  )
})

test('a group without its second word lists what there is', () => {
  assert.equal(problem('audit'), 'holdpoint audit needs one of: export, verify')
  assert.equal(problem('policy', 'chek'), 'holdpoint policy needs one of: check, push')
})

test('no words at all, help, and --help are help', () => {
  for (const words of [[], ['help'], ['--help'], ['help', 'access'], ['show', '--help']]) {
    const found = parse(...words)
    assert.equal(found.ok && found.parsed.type, 'help', words.join(' '))
  }
})

test('every row can be called as its usage line says', () => {
  for (const row of commandRows) {
    const places = row.takes.split(' ').filter((place) => /^<|^key/.test(place))
    const { row: found } = call(...row.path, ...places.map(() => 'word'))
    assert.equal(found, row)
    assert.match(usageLine(row), new RegExp(`^holdpoint ${row.path.join(' ')}`))
  }
})

test('every command is loaded by its row', async () => {
  for (const row of commandRows.filter(({ path }) => path[0] !== 'demo')) {
    assert.equal(typeof (await row.load()).run, 'function', row.path.join(' '))
  }
})
