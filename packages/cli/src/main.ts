/**
 * Where the bundle starts. Everything beyond the version is loaded when it is needed, so that the
 * answer to a small question costs little more than starting Node.
 */
import { VERSION } from './version.ts'

const words = process.argv.slice(2)
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${VERSION}\n`)
} else if (words[0] === 'broker-ask') {
  const { askBroker } = await import('./runner/broker/asker.ts')
  process.exitCode = await askBroker(words.slice(1))
} else {
  const { dispatch } = await import('./commands/dispatch.ts')
  process.exitCode = await dispatch(words)
}
