/** A connection that is taken away while a change waits: the run ends, and says what is missing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { start } from '../harness/command.ts'
import { OIDC_CONNECTION } from '../harness/connected.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'
import { approve, entriesOf, until, untilHeld, untilStatus, view } from '../harness/story.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }

let installation: Installation
let project: Project

before(async () => {
  if (whenTerraform.skip !== false) return
  installation = await install()
  project = await givenProject({ 'main.tf': resources('one') })
})

after(async () => {
  await project?.remove()
  await installation?.close()
})

test(
  'nothing is started without its credentials, and the workspace is free again',
  whenTerraform,
  async () => {
    const { id } = await installation.change(OIDC_CONNECTION)
    const running = start(installation, ['apply'], { folder: project.folder, as: 'mira' })
    const held = await untilHeld(installation)
    await installation.change({ type: 'remove_connection', connection: id ?? '' })

    // What was approved before the evaluation that follows would not count after it.
    const again = await until('the change is evaluated again', async () => {
      const entries = await entriesOf(installation, held.id)
      const evaluations = entries.filter((type) => type === 'evaluated')
      return evaluations.length > 1 ? await view(installation, held.id) : null
    })
    must(await approve(installation, 'ines', again))
    const ended = await running.ended

    assert.equal(ended.code, 3, ended.out + ended.err)
    assert.match(ended.out + ended.err, /No credential for oidc came: the tool was not started/)
    await untilStatus(installation, held.id, 'failed')
    assert.equal(await project.state(), null)
    const next = start(installation, ['apply'], { folder: project.folder, as: 'mira' })
    assert.equal((await next.ended).code, 0)
  },
)
