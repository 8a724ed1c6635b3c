/**
 * `holdpoint policy check`: reads a policy as the server would, on this machine alone; with
 * `--with-server` also holds it against the teams, people and workspaces that the server knows.
 */
import { counted } from '../render-text.ts'
import { connect } from './connection.ts'
import { EXIT } from './ended.ts'
import { readPolicyFile } from './policy-file.ts'
import { askWarnings, warningLines } from './policy-warnings.ts'
import type { Call } from './row.ts'

export async function run({ words, flags, settings, screen }: Call): Promise<number> {
  const policy = await readPolicyFile(words[0] ?? '')
  const warnings = flags.has('with-server') ? await askWarnings(policy, connect(settings)) : []
  screen.document({ ok: true, rules: policy.rules.map((rule) => rule.name), warnings })
  screen.lines([
    ...warningLines(warnings, screen.ink),
    `Valid  ${counted(policy.rules.length, 'rule')}`,
  ])
  return EXIT.done
}
