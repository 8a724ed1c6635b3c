/**
 * Whether the workspaces and labels that a policy names are there. A misspelt one makes a rule that
 * never matches, and no evaluation says so. It reads the rules' texts, so it warns and never refuses.
 */
import type { StaffProblem } from './check.ts'
import type { Policy } from './document.ts'

export interface Place {
  readonly name: string
  readonly labels: { readonly [key: string]: string }
}

const LABEL = /\bworkspace\.labels(?:\.([A-Za-z_]\w*)|\[\s*(["'])([^"'\\]*)\2\s*\])/g
const LABEL_ASKED = /(["'])([^"'\\]*)\1\s+in\s+workspace\.labels\b/g
const NAME = /\bworkspace\.name\s*[!=]=\s*(["'])([^"'\\]*)\1/g

/** Nothing where there is no workspace yet: then every name is of one to come. */
export function checkPlaces(policy: Policy, places: readonly Place[]): readonly StaffProblem[] {
  if (places.length === 0) return []
  const names = new Set(places.map(({ name }) => name))
  const labels = new Set(places.flatMap((place) => Object.keys(place.labels)))
  return policy.rules.flatMap(({ name: rule, position, condition }) => {
    const { text } = condition
    const missingLabels = labelsIn(text).filter((label) => !labels.has(label))
    const missingNames = namesIn(text).filter((name) => !names.has(name))
    return [
      ...missingLabels.map((label) => `no workspace has a label ${label}`),
      ...missingNames.map((name) => `there is no workspace ${name}`),
    ].map((message) => ({ rule, position, message }))
  })
}

function labelsIn(text: string): readonly string[] {
  const used = [...text.matchAll(LABEL)].map((found) => found[1] ?? found[3] ?? '')
  const asked = [...text.matchAll(LABEL_ASKED)].map((found) => found[2] ?? '')
  return [...new Set([...used, ...asked])]
}

function namesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(NAME)].map((found) => found[2] ?? ''))]
}
