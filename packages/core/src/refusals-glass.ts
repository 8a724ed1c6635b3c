/** The refusals of breaking the glass and of reviewing it, each in three sentences. */

/** Why the glass of a change cannot be broken, and what to do instead. */
const GLASS_CAUSES = {
  broken_before: {
    detail: 'It was broken for this change before, and does not hold any more.',
    remedy: 'Plan again and break it there, or ask those whom the rules ask.',
  },
  binds_target: {
    detail: 'This change would bind its workspace to where it acts, which one person never does.',
    remedy: 'Have an admin pin the target with holdpoint access workspace pin, then plan again.',
  },
  too_often: {
    detail: 'It was broken three times in this workspace in the last 24 hours, which is the most.',
    remedy: 'Ask those whom the rules ask, or withdraw what is no emergency.',
  },
} as const
type GlassCause = keyof typeof GLASS_CAUSES

const REVIEWER_CAUSES = {
  broke_it: 'You broke the glass yourself.',
  no_right: 'You do not own the workspace, and the rules did not ask for you.',
  nothing: 'There is no broken glass here that waits for a review.',
} as const
type ReviewerCause = keyof typeof REVIEWER_CAUSES

export type GlassRefusal =
  | { readonly code: 'glass_refused'; readonly because: GlassCause }
  | { readonly code: 'glass_review_overdue'; readonly changeId: string }
  | { readonly code: 'not_a_reviewer'; readonly because: ReviewerCause }

interface Words {
  readonly title: string
  readonly detail: string
  readonly remedy: string
}

export const GLASS_WORDS: {
  readonly [C in GlassRefusal['code']]: (
    refusal: Extract<GlassRefusal, { readonly code: C }>,
  ) => Words
} = {
  glass_refused: ({ because }) => ({
    title: 'The glass stays whole here',
    ...GLASS_CAUSES[because],
  }),
  glass_review_overdue: ({ changeId }) => ({
    title: 'A review of yours is overdue',
    detail: `You broke the glass of ${changeId}, and nobody has reviewed it in time.`,
    remedy: 'Ask an owner of its workspace to review it; until then somebody else decides here.',
  }),
  not_a_reviewer: ({ because }) => ({
    title: 'Not yours to review',
    detail: REVIEWER_CAUSES[because],
    remedy: 'An owner of the workspace, or somebody whom the rules asked, reviews it.',
  }),
}
