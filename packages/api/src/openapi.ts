/** OpenAPI 3.1 from the route table; served at /api/v1/openapi.json and committed as reference. */
import { z } from 'zod'
import { type Route, routes } from './routes.ts'
import { Problem } from './views.ts'

type JsonObject = { readonly [key: string]: unknown }

export function openApiDocument(version: string): JsonObject {
  const paths: { [path: string]: { [method: string]: unknown } } = {}
  for (const [name, route] of Object.entries<Route>(routes)) {
    const path = route.path.replaceAll(/:([a-z]+)/g, '{$1}').replace('*', '{path}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdpoint',
      version,
      description: 'Just-in-time action approval for infrastructure as code.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'holdpoint_session' },
      },
    },
  }
}

function operation(name: string, route: Route): JsonObject {
  return {
    operationId: name,
    summary: route.summary,
    ...(route.access === 'none' ? {} : { security: [{ token: [] }, { session: [] }] }),
    parameters: [...parameters('path', route.params), ...parameters('query', route.query)],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: json(schemaOf(route.body, 'input')) } }),
    responses: {
      200: { description: 'Done.', content: replyContent(route) },
      default: {
        description: 'A refusal or a fault: what happened, why, and what to do next.',
        content: json({ $ref: '#/components/schemas/Problem' }),
      },
    },
  }
}

function replyContent(route: Route): JsonObject {
  switch (route.reply) {
    case 'bytes':
      return { 'application/octet-stream': {} }
    case 'text':
      return { 'text/plain': {} }
    case 'events':
      return { 'text/event-stream': {} }
    default:
      return json(schemaOf(route.reply, 'output'))
  }
}

function json(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  // A branded id is a string with a pattern on the wire, whatever it is called inside.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: io === 'output' ? 'input' : io,
    unrepresentable: 'any',
  })
  return rest
}

function parameters(where: 'path' | 'query', schema: z.ZodType | undefined): readonly JsonObject[] {
  if (schema === undefined) return []
  const { properties, required } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (required ?? []).includes(name),
    schema: property,
  }))
}
