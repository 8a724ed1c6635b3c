/** `holdpoint issuer rotate`: a new key signs from now on; with --drop the old ones count no more. */
import { connect, take } from './connection.ts'
import { EXIT } from './ended.ts'
import type { Call } from './row.ts'

export async function run({ settings, screen, flags }: Call): Promise<number> {
  const body = { drop: flags.has('drop') }
  const rotated = take(await connect(settings).call('rotateIssuer', { body }))
  screen.document(rotated)
  const { key, dropped } = rotated
  screen.lines([
    `Done  issuer rotate   ${key}`,
    ...dropped.map((each) => `Dropped  ${each}   clouds refuse it once they fetch the keys again`),
    'A cloud that was given the keys by hand needs them anew: /.well-known/jwks.json',
  ])
  return EXIT.done
}
