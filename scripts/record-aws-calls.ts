/**
 * Records again what the AWS provider calls while it makes, changes and removes the configurations
 * of test/fixtures/aws-stories, with Terraform and moto of this machine. Session policies are held
 * against it. With names, only those stories are recorded.
 */
import { readdirSync } from 'node:fs'
import { playStory, STORIES } from '../test/cloud/aws-story.ts'
import { writeStory } from '../test/cloud/recorded-story.ts'

const named = process.argv.slice(2)
const all = readdirSync(STORIES).toSorted()
for (const story of named.length > 0 ? named : all) {
  const steps = await playStory(story, () => null)
  const failed = steps.find(({ code }) => code !== 0)
  if (failed === undefined) writeStory(story, steps)
  const outcome = failed === undefined ? 'recorded' : `${failed.name} failed:\n${failed.err}`
  const refused = steps.flatMap(({ calls }) => calls.filter(({ allowed }) => !allowed))
  const odd = refused.map(({ action, resource }) => `  ${action} ${resource}\n`)
  process.stdout.write(`${story} ${outcome}\n${[...new Set(odd)].join('')}`)
}
