import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { createScreen, type Streams } from './render.ts'

interface Given {
  readonly terminal?: boolean
  readonly columns?: number
  readonly environment?: { readonly [name: string]: string }
}

/** Real streams that remember; a terminal is one that says it is. */
function given({ terminal = false, columns = 80, environment = {} }: Given) {
  const made = () => Object.assign(new PassThrough(), { isTTY: terminal, columns })
  const [out, err, input] = [made(), made(), made()]
  const streams = {
    out,
    err,
    input,
    environment,
  } satisfies Streams
  const read = (stream: PassThrough) => String(stream.read() ?? '')
  return { streams, out: () => read(out), err: () => read(err) }
}

test('without a terminal progress is plain lines, and the same text is one line', () => {
  const { streams, out, err } = given({})
  const screen = createScreen({ json: false }, streams)

  screen.progress('Waiting  1')
  screen.progress('Waiting  1')
  screen.progress('Waiting  2')
  screen.lines(['Applied'])

  assert.equal(err(), 'Waiting  1\nWaiting  2\n')
  assert.equal(out(), 'Applied\n')
})

test('on a terminal progress is one line that is written over, and results start on a clean one', () => {
  const { streams, err } = given({ terminal: true })
  const screen = createScreen({ json: false }, streams)

  screen.progress('Waiting  1')
  screen.progress('Waiting  2')
  screen.lines(['Released'])

  assert.equal(err(), '\r\u001b[2KWaiting  1\r\u001b[2KWaiting  2\r\u001b[2K')
})

test('a progress line is cut before the terminal would wrap it', () => {
  const { streams, err } = given({ terminal: true, columns: 20 })

  createScreen({ json: false }, streams).progress('x'.repeat(40))

  assert.equal(err(), `\r\u001b[2K${'x'.repeat(18)}…`)
})

test('colour is for terminals, and NO_COLOR turns it off', () => {
  const inked = (options: Given) =>
    createScreen({ json: false }, given(options).streams).ink('red', 'DENIED')

  assert.equal(inked({ terminal: true }), '\u001b[31;1mDENIED\u001b[0m')
  assert.equal(inked({ terminal: false }), 'DENIED')
  assert.equal(inked({ terminal: true, environment: { NO_COLOR: '1' } }), 'DENIED')
  assert.equal(
    inked({ terminal: true, environment: { NO_COLOR: '' } }),
    '\u001b[31;1mDENIED\u001b[0m',
  )
  assert.equal(inked({ terminal: true, environment: { TERM: 'dumb' } }), 'DENIED')
})

test('with --json standard output holds the document and nothing else', () => {
  const { streams, out, err } = given({})
  const screen = createScreen({ json: true }, streams)

  screen.lines(['for people'])
  screen.progress('Waiting')
  screen.fail(['Refused'])
  screen.document({ exitCode: 0 })

  assert.deepEqual(JSON.parse(out()), { exitCode: 0 })
  assert.equal(err(), 'Waiting\n')
})

test('lines are 80 to 100 columns wide whatever the terminal is', () => {
  const columns = (wide: number) =>
    createScreen({ json: false }, given({ terminal: true, columns: wide }).streams).columns

  assert.deepEqual([columns(40), columns(93), columns(240)], [80, 93, 100])
})

test('without a terminal nobody is asked', async () => {
  const screen = createScreen({ json: false }, given({}).streams)

  assert.equal(screen.asks, false)
  assert.equal(await screen.ask('Approve? '), null)
})
