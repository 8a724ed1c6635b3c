/** An agent: the official client of the protocol, speaking with the bundled command over stdio. */
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { Installation } from './installation.ts'

const BIN = join(import.meta.dirname, '../../packages/cli/bin/holdpoint.mjs')

export interface AgentOptions {
  readonly folder: string
  /** Whom it works for; else it has a token, or nothing. */
  readonly as?: string
  readonly token?: string
  readonly name?: string
  /** `null`: the server is told no workspace, so the agent names one. */
  readonly workspace?: string | null
  readonly args?: readonly string[]
}

export interface Agent {
  readonly client: Client
  readonly pid: () => number | null
  /** What the command has written to standard error. */
  readonly said: () => string
  /** A tool's document; throws where it answers with an error. */
  readonly ask: (name: string, args: Args, options?: Asking) => Promise<Document>
  /** The words of an error; throws where the tool answers otherwise. */
  readonly refusal: (name: string, args: Args) => Promise<string>
  readonly close: () => Promise<void>
}

type Args = Readonly<Record<string, unknown>>
type Document = Readonly<Record<string, unknown>>

export interface Asking {
  readonly onprogress?: (told: { readonly message?: string | undefined }) => void
  readonly signal?: AbortSignal
}

export async function givenAgent(
  installation: Pick<Installation, 'url'>,
  options: AgentOptions,
): Promise<Agent> {
  const { folder, as, token, workspace = 'payments/prod', args = [] } = options
  const { HOLDPOINT_TOKEN: _, HOLDPOINT_WORKSPACE: __, ...inherited } = process.env
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, 'mcp', ...(as === undefined ? [] : ['--as', as]), ...args],
    cwd: folder,
    stderr: 'pipe',
    env: definedOf({
      ...inherited,
      HOLDPOINT_SERVER: installation.url,
      HOLDPOINT_TOKEN: token,
      HOLDPOINT_WORKSPACE: workspace ?? undefined,
    }),
  })
  let said = ''
  transport.stderr?.on('data', (text: Buffer) => {
    said += text.toString('utf8')
  })
  const client = new Client({ name: options.name ?? 'deploy-bot', version: '1.0.0' })
  await client.connect(transport)
  const call = async (name: string, given: Args, asking: Asking = {}) => {
    const result = await client.callTool({ name, arguments: { ...given } }, { ...asking })
    const [content] = result.content
    const text = content?.type === 'text' ? content.text : ''
    return { text, isError: result.isError === true }
  }
  return {
    client,
    pid: () => transport.pid,
    said: () => said,
    ask: async (name, given, asking) => {
      const { text, isError } = await call(name, given, asking)
      if (isError) throw new Error(`${name}: ${text}`)
      return JSON.parse(text)
    },
    refusal: async (name, given) => {
      const { text, isError } = await call(name, given)
      if (!isError) throw new Error(`${name} was not refused: ${text.slice(0, 300)}`)
      return text
    },
    close: () => client.close(),
  }
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}
