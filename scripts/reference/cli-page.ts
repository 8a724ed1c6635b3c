/** docs/reference/cli.md, from the command table that help and the parser read. */
import { commandRows, type FlagRow, flagName, SHARED_FLAGS, usageLine } from '@holdpoint/cli'

export function cliPage(): string {
  return `${[
    '# Commands',
    '',
    'Generated from the command table; `holdpoint help <command>` says the same.',
    '',
    '## Exit codes',
    '',
    '| code | means |',
    '|---|---|',
    '| 0 | done, or allowed |',
    '| 1 | refused: denied, rejected, expired, superseded, withdrawn, plan differs; `audit verify` found a fault |',
    '| 2 | wrong usage or invalid input |',
    '| 3 | fault: server or tool failed, or the outcome is unknown |',
    '| 75 | still held (`--no-wait`); `evaluate`: hold |',
    '',
    '## Flags of every command',
    '',
    ...flagTable(SHARED_FLAGS),
    ...commandRows.flatMap((row) => [
      '',
      `## ${row.path.join(' ')}`,
      '',
      `${row.says}.`,
      '',
      '```text',
      usageLine(row),
      '```',
      ...(row.flags.length === 0 ? [] : ['', ...flagTable(row.flags)]),
    ]),
  ].join('\n')}\n`
}

function flagTable(flags: readonly FlagRow[]): readonly string[] {
  const rows = flags.map((flag) => `| \`${cell(flagName(flag))}\` | ${cell(flag.says)} |`)
  return ['| flag | does |', '|---|---|', ...rows]
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
