/**
 * Everything beside the source that decides what the tool does: root variables and the environment
 * of the lists (DESIGN §5). Every value is hidden by the change's key, also the harmless ones, so
 * that nobody has to know which is which. A value must never stand here in clear.
 */
import type { Hide, Input, InputManifest, Value, Variable } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { readIfThere } from '../../io/files.ts'
import type { ToolArguments } from './arguments.ts'

export interface InputSources {
  /** As the plan says them, before redaction. */
  readonly variables: readonly Variable[]
  readonly environment: Environment
  /** `-var` values: the plan leaves out those that are ephemeral. */
  readonly given: ToolArguments['variables']
  readonly files: readonly VariableFile[]
}

export interface VariableFile {
  readonly path: string
  readonly content: string
}

export function inputManifest(sources: InputSources, hide: Hide): InputManifest {
  const token = (address: string, value: Value) =>
    hide({ address, path: '', value, by: 'tool' }).token
  const input = (kind: Input['kind'], name: string, value: Value): Input => {
    return { kind, name, token: token(`input ${kind} ${name}`, value) }
  }
  const variables = sources.variables.map(({ name, value }) => input('variable', name, value))
  const given = lastOfEach(sources.given).map(({ name, value }) =>
    input('variable', `${name} by -var`, value),
  )
  const files = sources.files.map((file) => input('variable', `file ${file.path}`, file.content))
  const environment = Object.entries(sources.environment).map(([name, value]) =>
    input('environment', name, value),
  )
  return { v: 1, inputs: [...variables, ...given, ...files, ...environment] }
}

/** The tool takes the last value of a name. */
function lastOfEach(given: ToolArguments['variables']): ToolArguments['variables'] {
  return [...new Map(given.map((each) => [each.name, each])).values()]
}

const VARIABLE_FILE_BYTES_MAX = 64 * 1024 * 1024

/** Contents of `-var-file`; one that is not there is left to the tool to complain about. */
export async function readVariableFiles(
  paths: readonly string[],
  resolvePath: (path: string) => string,
): Promise<readonly VariableFile[]> {
  const files: VariableFile[] = []
  for (const path of new Set(paths)) {
    const bytes = await readIfThere(resolvePath(path), VARIABLE_FILE_BYTES_MAX)
    files.push({ path, content: bytes === null ? '' : bytes.toString('base64') })
  }
  return files
}
