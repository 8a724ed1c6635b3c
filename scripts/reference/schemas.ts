/** JSON Schemas of what crosses the wire and is kept, from the shapes the code itself checks with. */
import { answerSchemas } from '@holdpoint/api'
import { bundleShape, entryShape } from '@holdpoint/core'

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/** File names under docs/reference with their schemas. */
export function schemaFiles(): readonly (readonly [string, object])[] {
  const schemas = {
    ...answerSchemas(),
    entry: { $schema: DRAFT, title: 'One entry of the log', ...entryShape.schema },
    bundle: { $schema: DRAFT, title: 'An evidence bundle', ...bundleShape.schema },
  }
  return Object.entries(schemas).map(([name, schema]) => [`${name}.schema.json`, schema] as const)
}
