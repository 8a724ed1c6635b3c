/** Terminals: those that wait for their person are found by their code; one's own are ended. */
import { answerTerminal, endTerminal, findTerminal, terminalsOf } from '../identity/terminals.ts'
import type { Services } from '../services.ts'
import { done, type Handlers, refused } from './handler.ts'
import { notAPerson, personOf } from './own.ts'

type TerminalHandlers = Pick<
  Handlers,
  'terminals' | 'endTerminal' | 'findTerminal' | 'answerTerminal'
>

export function terminalHandlers(services: Services): TerminalHandlers {
  return {
    terminals: async ({ actor }) => {
      const person = personOf(actor)
      if (person === null) return notAPerson()
      const own = await terminalsOf(person, services)
      return done({
        terminals: own.map(({ id, name, expiresAt: until }) => ({ id, name, until })),
      })
    },
    endTerminal: async ({ actor, body }) => {
      const person = personOf(actor)
      if (person === null) return notAPerson()
      const problem = await endTerminal(person, body.terminal, services)
      return problem === null ? done({}) : refused(problem)
    },
    findTerminal: async ({ actor, body }) => {
      const person = personOf(actor)
      return person === null ? notAPerson() : findTerminal(person, body, services)
    },
    answerTerminal: async ({ actor, body }) => {
      const person = personOf(actor)
      return person === null ? notAPerson() : answerTerminal(person, body, services)
    },
  }
}
