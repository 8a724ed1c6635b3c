/**
 * The tools that a run can drive, a line each; everything of a tool is in its folder. Loaded when
 * its command is called: what one tool needs must not slow another down.
 */
import type { Tool } from '@holdpoint/core'

interface Driven {
  /** Whose plans it makes and executes. */
  readonly plans: readonly Tool[]
  readonly load: () => Promise<object>
}

export const runnerTools = {
  terraform: {
    plans: ['terraform', 'opentofu'],
    load: () => import('./terraform/index.ts'),
  },
  cloudformation: {
    plans: ['cloudformation'],
    load: () => import('./cloudformation/index.ts'),
  },
  pulumi: {
    plans: ['pulumi'],
    load: () => import('./pulumi/index.ts'),
  },
} as const satisfies { readonly [folder: string]: Driven }
