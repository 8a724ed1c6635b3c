/** How a held change is decided in the story: by somebody's click, or by development people. */
import { take } from '../commands/connection.ts'
import type { Acting } from './actor.ts'
import type { Stage } from './stage.ts'
import { type Story, StoryBroke } from './story-parts.ts'

const POLL_MS = 100
const OPENED_WITHIN_MS = 60_000

/** The id of the change that an `apply` has opened and that is now held. */
export async function untilOpened(stage: Stage, acting: Acting): Promise<string> {
  const held = await until(acting, OPENED_WITHIN_MS, async () => {
    const { changes } = take(
      await stage.as('ines').call('changes', { query: { status: 'held', limit: 1 } }),
    )
    return changes[0]?.id ?? null
  })
  return held
}

export async function approveAs(stage: Stage, handle: string, change: string): Promise<void> {
  const client = stage.as(handle)
  const { binding } = take(await client.call('change', { params: { change } }))
  const body = { fingerprint: binding.fingerprint, reason: null }
  take(await client.call('approve', { params: { change }, body }))
}

export async function decideWithHelp(
  story: Story,
  change: string,
  people: readonly string[],
): Promise<void> {
  const { stage, screen } = story
  if (story.auto) {
    for (const handle of people) {
      await approveAs(stage, handle, change)
      screen.lines([`(${handle} looked at it and approved)`])
    }
    return
  }
  const page = `${stage.url}/c/${change}`
  screen.lines([
    '',
    `  Your turn: open ${page}`,
    `  Be ${people.join(', then ')}, and approve as each of them. Reject it to end the story.`,
    '',
  ])
}

async function until<T>(
  acting: Acting,
  withinMs: number,
  look: () => Promise<T | null>,
): Promise<T> {
  let over = false
  const ended = acting.ended.then(() => {
    over = true
  })
  const tries = withinMs / POLL_MS
  for (let turn = 0; turn < tries && !over; turn += 1) {
    const found = await look()
    if (found !== null) return found
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, POLL_MS))])
  }
  throw new StoryBroke('the change was not held, though the rules ask for people')
}
