/**
 * Every tool of `holdpoint mcp`, once. An agent inspects, evaluates, opens, waits, reads and
 * withdraws; there is no tool that decides, executes or administers, and none may be added.
 */
import { listChanges, readChange, withdrawChange } from './change-tools.ts'
import { openChange } from './open-tool.ts'
import { evaluatePlan, inspectPlan } from './plan-tools.ts'
import type { AgentTool } from './tool.ts'
import { waitForChange } from './wait-tool.ts'

export const agentTools: readonly AgentTool[] = [
  inspectPlan,
  evaluatePlan,
  openChange,
  waitForChange,
  readChange,
  listChanges,
  withdrawChange,
]
