/** Real Terraform or OpenTofu where there is one; else the recording, marked as simulated. */
import { readEnvironment } from '../io/environment.ts'
import { Fault } from '../io/fault.ts'
import { findTool } from '../runner/terraform/program.ts'
import { writeRecordedTool } from './recorded-tool.ts'
import type { Stage } from './stage.ts'

export interface DemoTool {
  /** Absolute path; `null` takes what holdpoint finds. */
  readonly tool: string | null
  readonly simulated: boolean
}

export async function findDemoTool(stage: Stage): Promise<DemoTool> {
  try {
    findTool({ kind: null, environment: readEnvironment() })
    return { tool: null, simulated: false }
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'tool_not_found') throw error
    return { tool: await writeRecordedTool(stage.folder), simulated: true }
  }
}
