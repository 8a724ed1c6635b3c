/**
 * Which program plans and applies: Terraform, else OpenTofu, by its absolute path, so that the one
 * that planned is the one that applies.
 */
import { isAbsolute } from 'node:path'
import type { Tool } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { Fault } from '../../io/fault.ts'
import { canExecute } from '../../io/files.ts'
import { findProgram } from '../../io/spawn.ts'

export interface RunnerTool {
  readonly kind: 'terraform' | 'opentofu'
  /** Absolute. */
  readonly program: string
}

const PROGRAMS = { terraform: 'terraform', opentofu: 'tofu' } as const

export interface ToolChoice {
  /** From `--tool`; `null` takes the first that is there. */
  readonly kind: RunnerTool['kind'] | null
  readonly environment: Environment
}

export function findTool(choice: ToolChoice): RunnerTool {
  const { environment } = choice
  const override = environment['HOLDPOINT_TOOL_PATH'] ?? ''
  if (override !== '') return overridden(override, choice.kind)
  const kinds = choice.kind === null ? (['terraform', 'opentofu'] as const) : [choice.kind]
  for (const kind of kinds) {
    const program = findProgram(PROGRAMS[kind], environment)
    if (program !== null) return { kind, program }
  }
  const names = kinds.map((kind) => PROGRAMS[kind]).join(' and no ')
  throw new Fault('tool_not_found', `There is no ${names} on PATH`)
}

function overridden(path: string, kind: RunnerTool['kind'] | null): RunnerTool {
  if (!isAbsolute(path) || !canExecute(path))
    throw new Fault('tool_not_found', `HOLDPOINT_TOOL_PATH is not an absolute path of a program`)
  return { kind: kind ?? (path.endsWith('/tofu') ? 'opentofu' : 'terraform'), program: path }
}

/** The program that makes plans of a tool; the runner knows two. */
export function runnerKind(tool: Tool): RunnerTool['kind'] {
  return tool === 'opentofu' ? 'opentofu' : 'terraform'
}
