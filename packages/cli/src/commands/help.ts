/** Help from the command table, as lines; the reference page is made from the same table. */
import { type CommandRow, type FlagRow, SHARED_FLAGS, usageLine } from './row.ts'

export function overview(rows: readonly CommandRow[]): readonly string[] {
  const names = rows.map((row) => [...row.path, row.takes].join(' ').trim())
  const width = Math.min(34, Math.max(...names.map((name) => name.length)))
  const lines = rows.map((row, index) => {
    const name = names[index] ?? ''
    return name.length > width
      ? `  ${name}\n  ${' '.repeat(width)}  ${row.says}`
      : `  ${name.padEnd(width)}  ${row.says}`
  })
  return [
    'holdpoint: a change to infrastructure happens when the rules, or people, let it',
    '',
    'Usage: holdpoint <command> [flags]',
    '',
    ...lines.flatMap((line) => line.split('\n')),
    '',
    'Every command takes:',
    ...flagLines(SHARED_FLAGS),
    '',
    'holdpoint help <command> says more of one. Exit codes: 0 done or allowed, 1 refused,',
    '2 usage or invalid input, 3 fault or outcome unknown, 75 still held.',
  ]
}

export function helpOf(row: CommandRow): readonly string[] {
  const own = row.flags.length === 0 ? [] : ['', ...flagLines(row.flags)]
  return [
    row.says,
    '',
    `Usage: ${usageLine(row)}`,
    ...own,
    '',
    'As every command:',
    ...flagLines(SHARED_FLAGS),
  ]
}

function flagLines(flags: readonly FlagRow[]): readonly string[] {
  const names = flags.map(flagName)
  const width = Math.max(...names.map((name) => name.length))
  return flags.map((flag, index) => `  ${(names[index] ?? '').padEnd(width)}  ${flag.says}`)
}

export function flagName(flag: FlagRow): string {
  const short = flag.short === null ? '' : `-${flag.short}, `
  const takes = flag.takes === null ? '' : ` <${flag.takes}>`
  return `${short}--${flag.name}${takes}${flag.many ? ' ...' : ''}`
}
