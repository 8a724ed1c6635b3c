/**
 * Addresses of Terraform and references in its configuration, taken apart at their dots. Texts that
 * are no address give some steps, never an error: who reads them only compares.
 */

/** `name` without its instance key; `key` is the text between the brackets, empty without one. */
export interface Step {
  readonly name: string
  readonly key: string
}

/** `module.a["x"].aws_b.c[0]` as module, a "x", aws_b, c 0. */
export function stepsOf(text: string): readonly Step[] {
  if (!text.includes('[')) return text.split('.').map((name) => ({ name, key: '' }))
  const steps: Step[] = []
  let at = 0
  while (at <= text.length) {
    const end = endOfName(text, at)
    const name = text.slice(at, end)
    const close = text[end] === '[' ? endOfKey(text, end) : end
    steps.push({ name, key: text.slice(end + 1, Math.max(end, close - 1)) })
    at = nextStep(text, close)
  }
  return steps
}

function endOfName(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '.' || text[at] === '[') return at
  }
  return text.length
}

/** Behind the bracket that closes; brackets and dots in quotes do not count. */
function endOfKey(text: string, open: number): number {
  let quoted = false
  for (let at = open + 1; at < text.length; at += 1) {
    if (quoted && text[at] === '\\') at += 1
    else if (text[at] === '"') quoted = !quoted
    else if (!quoted && text[at] === ']') return at + 1
  }
  return text.length
}

/** A second key of one step, as `a[0][1]` has, belongs to no address and is passed over. */
function nextStep(text: string, from: number): number {
  const dot = text.indexOf('.', from)
  return dot === -1 ? text.length + 1 : dot + 1
}

/** An address as the configuration has it, and the instance keys of its modules and of itself. */
export interface InstanceAddress {
  readonly configured: string
  /** One for each module, then one for the resource; empty texts where there is no key. */
  readonly keys: readonly string[]
}

const NO_KEYS: readonly string[] = []

export function instanceAddress(address: string): InstanceAddress {
  if (!address.includes('[')) return { configured: address, keys: NO_KEYS }
  const steps = stepsOf(address)
  const keys: string[] = []
  let at = 0
  while (steps[at]?.name === 'module' && at + 1 < steps.length) {
    keys.push(steps[at + 1]?.key ?? '')
    at += 2
  }
  keys.push(steps.at(-1)?.key ?? '')
  return { configured: steps.map((step) => step.name).join('.'), keys }
}
