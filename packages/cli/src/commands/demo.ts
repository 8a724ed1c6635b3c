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
  const stage = await buildStage(VERSION)
  try {
    const { tool, simulated } = await findDemoTool(stage)
    if (simulated)
      screen.lines(['Neither terraform nor tofu is on the path: the plans are recorded ones.'])
    const story = { stage, screen, tool, simulated, auto }
    const ends = await tell(story)
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
