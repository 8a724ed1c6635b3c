/** JSON Schemas of what is answered, for the published reference; from the schemas in use. */
import { z } from 'zod'
import { AccessView, ChangeView, Problem } from './views.ts'

type JsonObject = { readonly [key: string]: unknown }

/** By name: `change`, `problem`, `access`. */
export function answerSchemas(): { readonly [name: string]: JsonObject } {
  return {
    change: schemaOf(ChangeView, 'A change as the API answers it'),
    problem: schemaOf(Problem, 'A refusal or fault as the API answers it'),
    access: schemaOf(AccessView, 'People, teams, workspaces and tokens'),
  }
}

/** As sent: an id is text with a pattern before it is parsed. */
function schemaOf(schema: z.ZodType, title: string): JsonObject {
  return { title, ...z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) }
}
