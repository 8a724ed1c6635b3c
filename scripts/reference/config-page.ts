/** docs/reference/config.md, from the schema that the server reads its configuration with. */
import { configReference } from '../../packages/server/src/config-schema.ts'

export function configPage(): string {
  const rows = configReference().map((key) => {
    const standard = key.default === null ? '–' : `\`${cell(key.default)}\``
    const environment = key.environment === '' ? '–' : `\`${key.environment}\``
    return `| \`${key.key}\` | ${environment} | ${cell(key.type)} | ${standard} | ${cell(key.summary)} |`
  })
  return `${[
    '# Configuration of the server',
    '',
    'Generated from the schema. Later wins: defaults, the YAML file given by `--config`, the',
    'environment, flags. Unknown keys are refused, and all problems are named at once:',
    '`holdpoint config check` says what the server would say.',
    '',
    'A secret is never written here: it is named as `file:<path>` or `env:<NAME>`.',
    '',
    '| key | environment | type | default | is |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')}\n`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
