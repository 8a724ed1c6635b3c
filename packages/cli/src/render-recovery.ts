/** What recovery did, what is left to do, and by whom: the same words for both ways back. */
import type { Loss, NewLog, Recovered } from '@holdpoint/server'
import { counted } from './render-text.ts'

/** Asked before a new log: it names what goes, because nothing brings it back afterwards. */
export function lossQuestion(loss: Loss): string {
  const { previous, kept, openChanges, executing, tokens } = loss
  const lost = Math.max(0, previous.size - kept)
  const what =
    lost === 0
      ? `No entry of ${previous.origin} is lost.`
      : `${entries(lost)} of ${previous.origin} ` +
        `(${kept} to ${previous.size - 1}) are given up for good.`
  return (
    `${what} ${counted(openChanges, 'open change')} will expire, ` +
    `${counted(executing, 'running one')} will be of unknown outcome, ` +
    `${counted(tokens, 'token')} and every session will be void.\nStart a new log? [y/N] `
  )
}

export function renderRecovered(recovered: Recovered): readonly string[] {
  const { size, from, documents, texts, missing, verifierKey } = recovered
  const back = from === null ? 'no entry was missing' : `entries ${from} to ${size - 1} are back`
  return [
    `Recovered  ${back}; the log has ${size} entries`,
    `  Came with them: ${counted(documents, 'document')}, ${counted(texts, 'text')}`,
    ...(missing === 0
      ? []
      : [
          `  Still missing: ${counted(missing, 'document')} that entries name; another export may have them`,
        ]),
    ...keptLines(recovered.removed, recovered.keptIn),
    '  Same log, same tokens; every session has ended, so people sign in again',
    `  Log key, as before: ${verifierKey}`,
    'Next: start the server; /readyz then says ready',
  ]
}

export function renderNewLog(restarted: NewLog, adminToken: string): readonly string[] {
  const { origin, verifierKey, previous, kept, removed, expired } = restarted
  const lost = Math.max(0, previous.size - kept)
  return [
    `New log  ${origin}`,
    `  It names the old head: ${previous.origin}, ${previous.size} entries, of which ${lost} are lost`,
    ...keptLines(removed.length, restarted.keptIn),
    `  Expired: ${counted(expired.length, 'open change')}`,
    `  Outcome unknown, for an owner to resolve: ${counted(restarted.outcomeUnknown.length, 'change')}`,
    `  Void: ${counted(restarted.revokedTokens.length, 'token')}, and every session`,
    ...issuerLines(restarted.droppedKeys.length),
    `  A new admin token is in ${adminToken}`,
    `  New log key: ${verifierKey}`,
    'Next: start the server; give auditors the new log key; issue new tokens; plan again what expired',
  ]
}

/** An issuer that never signed has nothing to drop. */
function issuerLines(dropped: number): readonly string[] {
  if (dropped === 0) return []
  return [`  Clouds: tokens are signed with a new key; ${counted(dropped, 'old one')} dropped`]
}

function keptLines(removed: number, keptIn: string | null): readonly string[] {
  if (keptIn === null) return []
  return [
    `  Taken out: ${entries(removed)} that this log cannot answer for; ` +
      `kept as evidence in ${keptIn}`,
  ]
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`
}
