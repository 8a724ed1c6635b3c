/**
 * One command line from words to exit code. The only place that catches: a command's early end is
 * printed here, and anything else that is thrown is a bug, which says so and never looks like "no".
 */
import { createScreen, type Screen } from '../render.ts'
import { renderEnded } from '../render-ended.ts'
import { readSettings } from '../settings.ts'
import { VERSION } from '../version.ts'
import { Ended, EXIT, type ExitCode, fault } from './ended.ts'
import { helpOf, overview } from './help.ts'
import { type ParsedLine, parseLine } from './parse.ts'
import { type CommandRow, usageLine } from './row.ts'
import { commandRows } from './table.ts'

export async function dispatch(argv: readonly string[]): Promise<number> {
  const screen = createScreen({ json: wantsJson(argv) })
  const found = parseLine(argv, commandRows)
  if (!found.ok) return report(found.ended, { screen, row: found.row })
  const { parsed } = found
  if (parsed.type === 'version') return say([VERSION], screen)
  if (parsed.type === 'help') return say(helpLines(parsed), screen)
  try {
    const command = await parsed.row.load()
    const settings = readSettings(parsed.line.flags, process.env)
    const code = await command.run({ row: parsed.row, ...parsed.line, settings, screen })
    return code
  } catch (error) {
    if (error instanceof Ended) return report(error, { screen, row: parsed.row })
    const ended = isFault(error) ? fault(error.message, '', error) : bug(error)
    return report(ended, { screen, row: null })
  } finally {
    screen.settle()
  }
}

/** Known before parsing, so that a usage error is JSON too where JSON was asked for. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json')
}

function say(lines: readonly string[], screen: Screen): ExitCode {
  screen.always(lines)
  return EXIT.done
}

function helpLines(help: Extract<ParsedLine, { type: 'help' }>): readonly string[] {
  if (help.row !== null) return helpOf(help.row)
  const rows = commandRows.filter((row) => help.topic.every((word, at) => row.path[at] === word))
  return overview(rows)
}

function report(
  ended: Ended,
  at: { readonly screen: Screen; readonly row: CommandRow | null },
): ExitCode {
  const { exitCode, explained } = ended
  at.screen.document({ error: explained, exitCode })
  const hint =
    explained.code !== 'usage'
      ? []
      : [`Usage: ${at.row === null ? 'holdpoint <command> [flags]' : usageLine(at.row)}`]
  at.screen.fail([...renderEnded(explained, at.screen.ink), ...hint])
  return exitCode
}

/** The server's faults are of a class of its own; both say by name what they are. */
function isFault(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Fault'
}

/** The message of a bug is ours and holds no secret; its stack is for whoever mends it. */
function bug(error: unknown): Ended {
  const what =
    error instanceof Error ? (error.stack ?? error.message) : 'something that is no error'
  return new Ended(EXIT.fault, {
    code: 'fault',
    title: 'Holdpoint has a bug',
    detail: what,
    remedy: 'Report it with the lines above. Look with holdpoint show before you try again.',
  })
}
