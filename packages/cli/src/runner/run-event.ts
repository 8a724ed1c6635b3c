/**
 * What a run tells while it goes on. The runner never prints: whoever called it renders these.
 * Texts of the tool are redacted before they get here, and are hostile until rendered.
 */
import type { Reply } from '@holdpoint/api/client'
import type { ChangeId, Difference, Outcome, Plan, Status } from '@holdpoint/core'
import type { Looked } from './tool.ts'

export type ChangeView = Reply<'change'>

export type RunEvent =
  | { readonly type: 'planning'; readonly program: string }
  | { readonly type: 'warning'; readonly text: string }
  /** `plan` is redacted. */
  | { readonly type: 'planned'; readonly plan: Plan }
  /** Whose rights the execution will have; `role` is `null` for those of whoever executes. */
  | { readonly type: 'acts_as'; readonly role: string | null }
  /** The words after `holdpoint` that go on with what was prepared, in another run. */
  | { readonly type: 'goes_on_with'; readonly command: string }
  /** What was prepared could not be executed any more and was made again; what of it is equal. */
  | {
      readonly type: 'made_again'
      readonly same: readonly string[]
      readonly differences: readonly Difference[]
    }
  | { readonly type: 'tool_problem'; readonly problem: ToolProblem }
  | { readonly type: 'tool_output'; readonly text: string }
  | {
      readonly type: 'opened'
      readonly change: ChangeId
      readonly status: Status
      /** The plan is equal to this earlier change, which goes on with its approvals. */
      readonly again: boolean
    }
  /** An open change of one’s own that the new one takes the place of. */
  | { readonly type: 'replaces'; readonly change: ChangeId }
  /** The change as it is now: after opening, and whenever it moved. */
  | { readonly type: 'moved'; readonly change: ChangeView }
  | { readonly type: 'server_away' }
  | { readonly type: 'server_back' }
  | { readonly type: 'checking' }
  | { readonly type: 'checked'; readonly looked: readonly Looked[] }
  | { readonly type: 'differs'; readonly differences: readonly Difference[] }
  /** Another change executes in the workspace; the runner waits for it. */
  | { readonly type: 'workspace_busy' }
  | { readonly type: 'started'; readonly grant: string; readonly until: number }
  | {
      readonly type: 'progress'
      readonly address: string
      readonly action: string
      readonly state: 'started' | 'going_on' | 'done' | 'failed'
      readonly done: number
      readonly total: number
    }
  | { readonly type: 'interrupt_sent' }
  /** A second Ctrl-C while the tool runs: nothing was sent, the caller may ask and then kill. */
  | { readonly type: 'interrupt_again' }
  /** The server no longer takes this execution for live; the tool is left to finish. */
  | { readonly type: 'grant_over'; readonly because: 'told' | 'not_heard' }
  | { readonly type: 'source_changed'; readonly differences: readonly Difference[] }
  | { readonly type: 'finished'; readonly outcome: Outcome }

/** A diagnostic of the tool. */
export interface ToolProblem {
  readonly severity: 'error' | 'warning'
  readonly summary: string
  readonly detail: string
  readonly address: string | null
}

export type OnEvent = (event: RunEvent) => void
