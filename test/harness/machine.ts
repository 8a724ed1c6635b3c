/**
 * What a machine may lack. A test whose component is missing is skipped with the reason; with
 * CI=true that is a failure, because there a skip would be a hole nobody sees.
 */
import { existsSync, globSync } from 'node:fs'
import { createServer } from 'node:net'

export type Component =
  | 'terraform'
  | 'chromium'
  | 'postgres'
  | 'moto'
  | 'aws'
  | 'kubectl'
  | 'script'

/** A test that is not done by then hangs: a busy machine is five times as slow as a free one. */
export const HANGS_AFTER_MS = 600_000

/** Options for `test(...)`: runs, or skips with the reason. */
export function needs(component: Component): { readonly skip: false | string } {
  const found = find(component)
  if (found !== null) return { skip: false }
  const reason = `${component} is not on this machine`
  if (process.env['CI'] === 'true') throw new Error(`${reason}, and CI=true allows no skip`)
  return { skip: reason }
}

export function find(component: Component): string | null {
  switch (component) {
    case 'terraform':
      return onPath('terraform') ?? onPath('tofu')
    case 'chromium':
      return process.env['HOLDPOINT_CHROMIUM'] ?? onPath('chromium') ?? onPath('chromium-browser')
    case 'postgres':
      return globSync('/usr/lib/postgresql/*/bin/postgres').at(-1) ?? null
    case 'script':
      return onPath('script')
    case 'moto':
      return onPath('moto_server')
    case 'aws':
      return onPath('aws')
    case 'kubectl':
      return onPath('kubectl')
  }
}

function onPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(':')
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path)) ?? null
}

/** The filesystem mirror that holds hashicorp/aws, by environment variable or the usual places. */
export function providerMirror(): string | null {
  const named = process.env['HOLDPOINT_PROVIDER_MIRROR']
  const places =
    named === undefined ? ['/opt/*', '/usr/share/terraform/*', '/usr/local/share/*'] : [named]
  const found = places.flatMap((place) => globSync(`${place}/registry.terraform.io/hashicorp/aws`))
  return found[0]?.replace('/registry.terraform.io/hashicorp/aws', '') ?? null
}

/** A port that nothing listens on, until somebody else takes it. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}
