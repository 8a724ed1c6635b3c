/**
 * The server as far as an agent's tool may reach it: the routes that its row names and no other.
 * That no tool decides does not rest on what a tool's code happens to call.
 */

import type { RouteName } from '@holdpoint/api'
import type { Client } from '@holdpoint/api/client'

export function narrowed(client: Client, routes: readonly RouteName[]): Client {
  const check = (name: RouteName): void => {
    if (!routes.includes(name)) throw new Error(`the route ${name} is not one of this tool`)
  }
  return {
    call: async (name, ask) => {
      check(name)
      return await client.call(name, ask)
    },
    raw: async (name, ask) => {
      check(name)
      return await client.raw(name, ask)
    },
  }
}
