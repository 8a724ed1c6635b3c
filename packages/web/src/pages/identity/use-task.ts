/** One thing at a time that a button does: busy, what went wrong, and what follows. */
import type { Answer, ApiProblem } from '@holdpoint/api/client'
import { useState } from 'react'

export interface Task {
  readonly busy: boolean
  readonly problem: ApiProblem | null
  /** Runs it unless one is running; a refusal is kept and shown, never swallowed. */
  readonly run: (work: () => Promise<Answer<unknown>>, done: () => void) => void
  readonly clear: () => void
}

const LOST: ApiProblem = {
  code: 'fault',
  title: 'The server did not answer',
  detail: 'Nothing was done as far as this page knows.',
  remedy: 'Try again when the connection is back.',
}

export function useTask(): Task {
  const [state, setState] = useState<Pick<Task, 'busy' | 'problem'>>({ busy: false, problem: null })
  const run: Task['run'] = (work, done) => {
    if (state.busy) return
    const perform = async (): Promise<void> => {
      setState({ busy: true, problem: null })
      const answer = await work().catch(() => null)
      const problem = answer === null ? LOST : answer.ok ? null : answer.problem
      setState({ busy: false, problem })
      if (problem === null) done()
    }
    void perform()
  }
  return { ...state, run, clear: () => setState({ busy: false, problem: null }) }
}
