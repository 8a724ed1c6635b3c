/** Sends a decision and brings the answer back: a refusal is shown, never swallowed. */
import type { Answer, ApiProblem } from '@holdpoint/api/client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api.ts'
import type { ChangeView } from '../../model/wire.ts'

export interface Sending {
  readonly busy: boolean
  readonly problem: ApiProblem | null
}

const LOST: ApiProblem = {
  code: 'fault',
  title: 'The server did not answer',
  detail: 'Nothing was decided as far as this page knows.',
  remedy: 'Look at the timeline when the connection is back, then try again.',
}

type Ask = () => Promise<Answer<unknown>>

export interface Decide extends Sending {
  readonly send: (ask: Ask, done: () => void) => void
  readonly takeBack: (change: ChangeView) => () => void
  readonly withdraw: (change: ChangeView) => () => void
  readonly clear: () => void
}

export function useDecide(): Decide {
  const [state, setState] = useState<Sending>({ busy: false, problem: null })
  const queries = useQueryClient()
  const send: Decide['send'] = (ask, done) => {
    const run = async (): Promise<void> => {
      setState({ busy: true, problem: null })
      const answer = await ask().catch(() => null)
      const problem = answer === null ? LOST : answer.ok ? null : answer.problem
      setState({ busy: false, problem })
      await queries.invalidateQueries({ predicate: isMoved })
      if (problem === null) done()
    }
    void run()
  }
  const plain = (name: 'takeBack' | 'withdraw') => (change: ChangeView) => () =>
    send(
      () => client.call(name, { params: { change: change.id }, body: {} }),
      () => undefined,
    )
  return {
    ...state,
    send,
    takeBack: plain('takeBack'),
    withdraw: plain('withdraw'),
    clear: () => setState({ busy: false, problem: null }),
  }
}

function isMoved(query: { readonly queryKey: readonly unknown[] }): boolean {
  return ['change', 'inbox', 'log', 'grants'].includes(String(query.queryKey[0]))
}
