/** `holdpoint policy check`: reads a policy as the server would. No server, no network. */
import { counted } from '../render-text.ts'
import { EXIT } from './ended.ts'
import { readPolicyFile } from './policy-file.ts'
import type { Call } from './row.ts'

export async function run({ words, screen }: Call): Promise<number> {
  const policy = await readPolicyFile(words[0] ?? '')
  screen.document({ ok: true, rules: policy.rules.map((rule) => rule.name) })
  screen.lines([`Valid  ${counted(policy.rules.length, 'rule')}`])
  return EXIT.done
}
