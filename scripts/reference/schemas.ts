/** JSON Schemas of what crosses the wire and is kept, from the schemas the code itself uses. */
import { views } from '@holdpoint/api'
import { bundleShape, entryShape } from '@holdpoint/core'
import { z } from 'zod'

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/** File names under docs/reference with their schemas. */
export function schemaFiles(): readonly (readonly [string, object])[] {
  return [
    ['change.schema.json', schemaOf(views.ChangeView, 'A change as the API answers it')],
    ['problem.schema.json', schemaOf(views.Problem, 'A refusal or fault as the API answers it')],
    ['entry.schema.json', { $schema: DRAFT, title: 'One entry of the log', ...entryShape.schema }],
    ['bundle.schema.json', { $schema: DRAFT, title: 'An evidence bundle', ...bundleShape.schema }],
    ['access.schema.json', schemaOf(views.AccessView, 'People, teams, workspaces and tokens')],
  ]
}

function schemaOf(schema: z.ZodType, title: string): object {
  return { title, ...z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) }
}
