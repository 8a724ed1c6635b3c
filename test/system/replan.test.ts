/**
 * Planning again: an equal plan of the same person goes on with the change and its approvals, also
 * in a new process and with hidden values; any other plan is another change.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { run, start } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { needs } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'

const skip = needs('terraform').skip
const IDS = /\/c\/(chg_[0-9a-z]{16})/
const SECRET = `variable "pin" {
  type      = string
  sensitive = true
}

resource "terraform_data" "pin" {
  input = var.pin
}

resource "terraform_data" "script" {
  provisioner "local-exec" {
    command = "sh ./script.sh"
  }
}
`

let installation: Installation
let project: Project

before(async () => {
  if (skip !== false) return
  installation = await install()
  project = await givenProject({ 'main.tf': SECRET, 'script.sh': 'true\n' })
})

after(async () => {
  await project?.remove()
  await installation?.close()
})

const as = (pin: string) => ({
  folder: project.folder,
  as: 'mira',
  environment: { TF_VAR_pin: pin },
})

async function approve(id: string): Promise<void> {
  const client = installation.as('ines')
  const { binding } = must(await client.call('change', { params: { change: id } }))
  const body = { fingerprint: binding.fingerprint, reason: null }
  must(await client.call('approve', { params: { change: id }, body }))
}

test('after a refused start, put back and run again goes on with the approvals', {
  skip,
}, async () => {
  const first = start(installation, ['apply'], as('4711'))
  const id = IDS.exec(await first.says(IDS))?.[1] ?? ''
  await project.write('script.sh', 'echo tampered\n')
  await approve(id)
  assert.equal((await first.ended).code, 1)

  await project.write('script.sh', 'true\n')
  const second = await run(installation, ['apply'], as('4711'))

  assert.equal(second.code, 0, second.out + second.err)
  assert.match(second.err, /what was approved of it stands/)
  const view = must(await installation.as('ines').call('change', { params: { change: id } }))
  assert.equal(view.status, 'applied')
})

test('another hidden value is another plan: it is held anew', { skip }, async () => {
  const held = await run(installation, ['apply', '--no-wait'], as('4712'))
  const id = IDS.exec(held.out)?.[1]
  const same = await run(installation, ['apply', '--no-wait'], as('4712'))
  const other = await run(installation, ['apply', '--no-wait'], as('4713'))

  assert.equal(held.code, 75, held.out + held.err)
  assert.equal(IDS.exec(same.out)?.[1], id)
  assert.equal(other.code, 75, other.out + other.err)
  assert.notEqual(IDS.exec(other.out)?.[1], id)
})
