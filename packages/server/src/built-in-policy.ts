/**
 * The policy of a new installation, revision 0: everything waits for team platform, until an admin
 * replaces it. Whatever cannot be evaluated and names nobody falls back to it.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { digestText, type Requirement } from '@holdpoint/core'

export const BUILT_IN_POLICY = `# In force until an admin pushes another: nothing happens without team platform.
version: 1
default:
  hold:
    approvals:
      - from: [team:platform]
`

export const BUILT_IN_POLICY_DIGEST = digestText(nodePrimitives, BUILT_IN_POLICY)

/** What the built-in policy asks for. */
export const BUILT_IN_REQUIREMENT: Requirement = {
  slots: [{ from: ['team:platform'], count: 1 }],
  assurance: 'development',
  expiresSeconds: 24 * 60 * 60,
}
