/**
 * Who wrote what would be applied, as the newest commit says: claims, which only ever exclude
 * somebody from approving. No repository or no git means no claims, and never a failure.
 */
import type { Environment } from '../io/environment.ts'
import { findProgram, runToEnd } from '../io/spawn.ts'

const FORMAT = '%ae%n%ce%n%(trailers:key=Co-authored-by,valueonly)'
const OUTPUT_BYTES_MAX = 65_536
const AUTHORS_MAX = 50

/** A repository's own settings could start programs by signatures and fetches, or hide authors. */
const SETTINGS = {
  GIT_PAGER: '',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_REPLACE_OBJECTS: '1',
} as const

export async function findAuthors(environment: Environment): Promise<readonly string[]> {
  const program = findProgram('git', environment)
  if (program === null) return []
  const ended = await runToEnd({
    program,
    args: ['-c', 'log.showSignature=false', 'log', '-1', `--format=${FORMAT}`],
    cwd: process.cwd(),
    env: {
      PATH: environment['PATH'] ?? '',
      HOME: environment['HOME'] ?? '',
      ...SETTINGS,
    },
    descriptor: null,
    stdoutBytesMax: OUTPUT_BYTES_MAX,
    stderrBytesMax: OUTPUT_BYTES_MAX,
    onLine: null,
    killGroupAtEnd: true,
    signal: null,
  })
  return ended.exitCode === 0 ? addressesIn(ended.stdout.toString('utf8')) : []
}

/** `Ada Lund <ada@acme.example>` or an address alone, each once. */
export function addressesIn(text: string): readonly string[] {
  const found = text.split('\n').flatMap((line) => {
    const address = /<([^<>\s]+@[^<>\s]+)>/.exec(line)?.[1] ?? /^\s*(\S+@\S+)\s*$/.exec(line)?.[1]
    return address === undefined || address.length > 320 ? [] : [address.toLowerCase()]
  })
  return [...new Set(found)].slice(0, AUTHORS_MAX)
}
