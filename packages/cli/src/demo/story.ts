/**
 * The story end to end, on the real product: allowed, held and approved, tampered and refused,
 * proven. Each scene says what must come out and fails when it does not, so the story cannot tell
 * a success that did not happen.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cutMiddle } from '../render-text.ts'
import { type Acting, act } from './actor.ts'
import { approveAs, decideWithHelp, untilOpened } from './approvals.ts'
import { ADDITIVE, DESTRUCTIVE, TAMPERED_SCRIPT, WITH_SCRIPT, WORKSPACE } from './configuration.ts'
import { type Story, StoryBroke } from './story-parts.ts'

/** What a scene came to, for the one screen at the end. */
export interface SceneEnd {
  readonly title: string
  readonly came: string
}

export async function tell(story: Story): Promise<readonly SceneEnd[]> {
  const scenes = [additive, destructive, tampered, proven]
  const ends: SceneEnd[] = []
  for (const scene of scenes) ends.push(await scene(story))
  return ends
}

async function additive(story: Story): Promise<SceneEnd> {
  heading(story, '1  A change that only creates. A rule lets it pass at once.')
  await story.stage.write(ADDITIVE)
  const ended = await perform(story, 'mira', ['apply', '-m', 'Orders and the ledger']).ended
  expectCode(ended.code, 0, 'the additive change')
  markSimulated(story)
  return { title: 'Creates 2 resources', came: `allowed by additive-in-dev, ${applied(story)}` }
}

async function destructive(story: Story): Promise<SceneEnd> {
  heading(story, '2  A change that destroys the ledger. It is held for dba and platform.')
  await story.stage.write(DESTRUCTIVE)
  const acting = perform(story, 'mira', ['apply', '-m', 'The ledger moved, drop the old one'])
  const change = await untilOpened(story.stage, acting)
  quote(story, 'mira tries to approve it herself:')
  const own = await perform(story, 'mira', ['approve', change, '--yes']).ended
  expectCode(own.code, 1, 'the requester’s own approval')
  story.screen.lines(own.said.map((line) => `  ${line}`))
  await decideWithHelp(story, change, ['jonas', 'ines'])
  expectCode((await acting.ended).code, 0, 'the released change')
  markSimulated(story)
  return {
    title: 'Destroys the ledger',
    came: `held; the requester could not approve; dba and platform released it, ${applied(story)}`,
  }
}

async function tampered(story: Story): Promise<SceneEnd> {
  heading(story, '3  After the approval, somebody edits a script that the plan only names.')
  await story.stage.write(WITH_SCRIPT)
  const acting = perform(story, 'mira', ['apply', '-m', 'Run the November migration'])
  const change = await untilOpened(story.stage, acting)
  await story.stage.write(TAMPERED_SCRIPT)
  quote(story, 'migrate.sh was edited; the approver has seen the plan, which is unchanged:')
  await approveAs(story.stage, 'ines', change)
  const ended = await acting.ended
  expectCode(ended.code, 1, 'the tampered change')
  if (!ended.lines.some((line) => line.includes('migrate.sh')))
    throw new StoryBroke('the refusal did not name migrate.sh')
  return { title: 'Runs an edited script', came: 'refused to start, naming migrate.sh' }
}

async function proven(story: Story): Promise<SceneEnd> {
  heading(story, '4  The auditor takes the evidence away and checks it without the server.')
  const { stage } = story
  const bundle = join(stage.folder, 'bundle.json')
  const damaged = join(stage.folder, 'damaged.json')
  const saved = await perform(story, 'lars', ['audit', 'export', '-o', bundle]).ended
  expectCode(saved.code, 0, 'the export')
  const key = ['--key', stage.verifierKey]
  const good = await perform(story, 'lars', ['audit', 'verify', bundle, ...key]).ended
  expectCode(good.code, 0, 'the verification')
  const entry = await flipOneByte(bundle, damaged)
  quote(story, `one byte of entry ${entry} is flipped:`)
  const bad = await perform(story, 'lars', ['audit', 'verify', damaged, ...key]).ended
  expectCode(bad.code, 1, 'the verification of the damaged bundle')
  if (!bad.lines.some((line) => line.includes(`entry ${entry}`)))
    throw new StoryBroke(`the fault did not name entry ${entry}`)
  return { title: 'The audit log', came: `verifies offline; one flipped byte names entry ${entry}` }
}

/** Changes one digit inside an entry's time, so that it still reads as an entry. */
async function flipOneByte(bundle: string, damaged: string): Promise<number> {
  const text = await readFile(bundle, 'utf8')
  const { entries }: { entries: readonly string[] } = JSON.parse(text)
  const index = Math.floor(entries.length / 2)
  const encoded = entries[index] ?? ''
  const data = Buffer.from(encoded, 'base64')
  const at = data.indexOf('"at":') + '"at":'.length
  data[at] = data[at] === 0x31 ? 0x32 : 0x31
  await writeFile(damaged, text.replace(encoded, data.toString('base64')))
  return index
}

/** A verifier key would fill the line; the command as a whole is what the story shows. */
const WORD_CHARACTERS_MAX = 40

function perform(story: Story, as: string, args: readonly string[]): Acting {
  const shown = args.map((each) => (each.includes(' ') ? `"${each}"` : each))
  const short = shown.map((each) =>
    cutMiddle(each.replace(`${story.stage.folder}/`, ''), WORD_CHARACTERS_MAX),
  )
  story.screen.lines([story.screen.ink('dim', `${as} $ holdpoint ${short.join(' ')}`)])
  return act(story.stage, story.tool, {
    as,
    args,
    onLine: (line) => story.screen.lines([`  ${line.replaceAll(`${story.stage.folder}/`, '')}`]),
  })
}

function heading(story: Story, text: string): void {
  story.screen.lines(['', story.screen.ink('bold', text)])
}

function quote(story: Story, text: string): void {
  story.screen.lines([`(${text})`])
}

function markSimulated(story: Story): void {
  if (story.simulated)
    quote(story, 'SIMULATED: the recording stands in for Terraform, nothing was applied')
}

function applied(story: Story): string {
  return story.simulated ? 'apply simulated' : 'applied'
}

function expectCode(code: number, wanted: number, what: string): void {
  if (code !== wanted)
    throw new StoryBroke(`${what} ended with ${code} where ${wanted} was expected`)
}

export function lastScreen(story: Story, ends: readonly SceneEnd[]): readonly string[] {
  const width = Math.max(...ends.map((end) => end.title.length))
  return [
    '',
    story.screen.ink('bold', `What happened in ${WORKSPACE}`),
    ...ends.map((end) => `  ${end.title.padEnd(width)}  ${end.came}`),
    '',
    ...(story.simulated
      ? ['Terraform and OpenTofu are not on this machine: plans were recorded, applies simulated.']
      : []),
    'Nothing is left behind: server, data and folder of the story are removed.',
    'Next: README.md, and holdpoint server --mode development to try it on your own plan.',
  ]
}
