/** Terminals that wait for their person: looked up by their code, and answered. */
import { answerTerminal, findTerminal } from '../identity/terminals.ts'
import type { Services } from '../services.ts'
import type { Handlers } from './handler.ts'
import { notAPerson, personOf } from './own.ts'

type TerminalHandlers = Pick<Handlers, 'findTerminal' | 'answerTerminal'>

export function terminalHandlers(services: Services): TerminalHandlers {
  return {
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
