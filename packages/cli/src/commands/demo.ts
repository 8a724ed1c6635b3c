/** `holdpoint demo`: the story end to end, on a server and a workspace of its own. */
import { playRecorded } from '../demo/recorded-tool.ts'
import { buildStage } from '../demo/stage.ts'
import { lastScreen, tell } from '../demo/story.ts'
import { StoryBroke } from '../demo/story-parts.ts'
import { findDemoTool } from '../demo/tool.ts'
import { VERSION } from '../version.ts'
import { EXIT, fault } from './ended.ts'
import type { Call } from './row.ts'

export async function run({ flags, rest, screen }: Call): Promise<number> {
  if (flags.has('recorded')) return playRecorded(rest)
  const auto = flags.has('auto') || !screen.asks
  screen.lines(['Setting the stage: a development server on an embedded database.'])
  const told = untilTold()
  const stage = await buildStage(VERSION)
  try {
    const { tool, simulated } = await findDemoTool(stage)
    if (simulated)
      screen.lines(['Neither terraform nor tofu is on the path: the plans are recorded ones.'])
    const story = { stage, screen, tool, simulated, auto }
    const ends = await Promise.race([tell(story), told])
    if (ends === 'ended early') throw endedEarly()
    screen.document({ scenes: ends, simulated })
    screen.lines(lastScreen(story, ends))
    return EXIT.done
  } catch (error) {
    if (!(error instanceof StoryBroke)) throw error
    throw fault('The story did not come out as told', error.message)
  } finally {
    await stage.close()
  }
}

/** Ctrl-C must not leave the server's folder behind, so it ends the story and not the process. */
function untilTold(): Promise<'ended early'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve('ended early'))
  })
}

function endedEarly() {
  return fault('The story was ended early', 'Nothing is left behind. Start it again as you like.')
}
