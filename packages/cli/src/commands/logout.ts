/** `holdpoint logout`: ends this terminal's token at the server, and removes its file. */
import { readEnvironment } from '../io/environment.ts'
import { removeFile } from '../io/files.ts'
import { readTerminalToken, terminalTokenPath } from '../terminal-token.ts'
import { EXIT } from './ended.ts'
import { askOauth } from './oauth.ts'
import type { Call } from './row.ts'

export async function run({ settings, screen }: Call): Promise<number> {
  const environment = readEnvironment()
  const { server } = settings
  const token = readTerminalToken(server, environment)
  const path = terminalTokenPath(server, environment)
  const wasConnected = token !== null && path !== null
  if (wasConnected) {
    await askOauth(settings, '/oauth/revoke', { token })
    await removeFile(path)
  }
  screen.document({ ok: true, server, wasConnected })
  screen.lines([
    wasConnected
      ? `This terminal is not connected to ${server} any more`
      : `This terminal was not connected to ${server}`,
  ])
  return EXIT.done
}
