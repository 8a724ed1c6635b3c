/** What one tool is: its row for the protocol, the routes it may reach, and what it does. */

import type { RouteName } from '@holdpoint/api'
import type { Client } from '@holdpoint/api/client'
import type {
  CallToolResult,
  McpServer,
  ServerContext,
  StandardSchemaWithJSON,
} from '@modelcontextprotocol/server'
import type { Call } from '../commands/row.ts'

export interface ToolContext {
  /** The command line that the server was started with: settings and flags. */
  readonly call: Call
  /** Bound to the tool's routes. Throws `Ended` where the settings cannot be used. */
  readonly client: () => Client
  /** What the agent is called, by the operator or by its own client; `null` where nobody says. */
  readonly agentName: string | null
  /** Aborts when the caller gives up or goes away. */
  readonly signal: AbortSignal
  /** Said to the caller, where it asked for it. */
  readonly progress: (done: number, total: number | null, message: string) => void
}

interface ToolRow<T> {
  readonly name: string
  readonly title: string
  readonly says: string
  readonly input: StandardSchemaWithJSON<unknown, T>
  readonly routes: readonly RouteName[]
  /** Opens or withdraws something: a client may ask its person first. */
  readonly writes: boolean
  readonly run: (args: T, context: ToolContext) => Promise<object>
}

export type Host = (
  routes: readonly RouteName[],
  request: ServerContext,
  work: (context: ToolContext) => Promise<object>,
) => Promise<CallToolResult>

export interface AgentTool {
  readonly name: string
  readonly routes: readonly RouteName[]
  readonly register: (server: McpServer, host: Host) => void
}

export function agentTool<T>(row: ToolRow<T>): AgentTool {
  const { name, title, says: description, input: inputSchema, routes, writes } = row
  const annotations = { readOnlyHint: !writes, destructiveHint: false, openWorldHint: true }
  return {
    name,
    routes,
    register: (server, host) => {
      server.registerTool(name, { title, description, inputSchema, annotations }, (args, request) =>
        host(routes, request, (context) => row.run(args, context)),
      )
    },
  }
}
