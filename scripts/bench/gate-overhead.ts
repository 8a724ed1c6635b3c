/**
 * What going through Holdpoint adds to the tool alone, where the rules allow at once: the least a
 * person notices. Three resources without any provider, so that the tool itself costs little.
 */
import { install } from '../../test/harness/installation.ts'
import { find } from '../../test/harness/machine.ts'
import { givenProject, resources } from '../../test/harness/project.ts'
import { atMost, type Measure, skipped } from './measure.ts'
import { sideBySide } from './side-by-side.ts'
import { median, milliseconds, paired, row } from './statistics.ts'

const WHAT = 'gate overhead, 3 terraform_data'
const ADDED_MS_MAX = 250
const PAIRS = 10

export const gateOverhead: Measure = {
  name: 'gate-overhead',
  run: async () => {
    if (find('terraform') === null) return skipped(WHAT, 'there is no terraform on this machine')
    const installation = await install()
    const project = await givenProject({ 'main.tf': resources('one', 'two', 'three') })
    try {
      const sides = { installation, project, environment: {}, undo: async () => {}, pairs: PAIRS }
      const { bare, gated } = await sideBySide(sides)
      const added = paired(gated, bare, (one, other) => one - other)
      const found = median(gated) - median(bare)
      return {
        rows: [
          row('plan, show, apply', bare),
          row('holdpoint apply', gated),
          row('added, pair by pair', added),
        ],
        verdicts: [atMost({ what: WHAT, found, bound: ADDED_MS_MAX, text: milliseconds })],
      }
    } finally {
      await project.remove()
      await installation.close()
    }
  },
}
