/** What the scenes of the story share. */
import type { Screen } from '../render.ts'
import type { Stage } from './stage.ts'

export interface Story {
  readonly stage: Stage
  readonly screen: Screen
  /** The program to plan and apply with; `null` takes what is on PATH. */
  readonly tool: string | null
  /** True: the tool is the recording, and nothing is really applied. */
  readonly simulated: boolean
  /** True: development people approve through the API; false: somebody clicks. */
  readonly auto: boolean
}

/** A scene that did not come out as told. */
export class StoryBroke extends Error {
  override readonly name = 'StoryBroke'
}
