/**
 * Arguments for the tool, read against a list (DESIGN §9). What is not on it is refused with a
 * sentence, because an argument that this version does not know could move the state or the plan.
 * Values of `-var` never become flags: they are inputs, hidden by key.
 */

export interface ToolArguments {
  /** For `plan`, as the tool takes them. */
  readonly plan: readonly string[]
  /** For `apply` of the saved plan: ephemeral variables are asked for again there. */
  readonly apply: readonly string[]
  /** Canonical, sorted, part of the fingerprint. */
  readonly flags: readonly string[]
  readonly variables: readonly GivenVariable[]
  readonly variableFiles: readonly string[]
}

export interface GivenVariable {
  readonly name: string
  readonly value: string
}

export type ParsedArguments =
  | { readonly ok: true; readonly arguments: ToolArguments }
  | { readonly ok: false; readonly problems: readonly string[] }

interface Rule {
  /** A switch may stand alone; a setting needs a value. */
  readonly kind: 'switch' | 'setting'
  readonly inFlags: boolean
  readonly atApply: boolean
}

const RULES: { readonly [name: string]: Rule } = {
  var: { kind: 'setting', inFlags: false, atApply: true },
  'var-file': { kind: 'setting', inFlags: false, atApply: true },
  target: { kind: 'setting', inFlags: true, atApply: false },
  exclude: { kind: 'setting', inFlags: true, atApply: false },
  replace: { kind: 'setting', inFlags: true, atApply: false },
  refresh: { kind: 'switch', inFlags: true, atApply: false },
  'refresh-only': { kind: 'switch', inFlags: true, atApply: false },
  destroy: { kind: 'switch', inFlags: true, atApply: false },
  parallelism: { kind: 'setting', inFlags: false, atApply: true },
  'lock-timeout': { kind: 'setting', inFlags: false, atApply: true },
  lock: { kind: 'switch', inFlags: false, atApply: true },
  'compact-warnings': { kind: 'switch', inFlags: false, atApply: true },
  'no-color': { kind: 'switch', inFlags: false, atApply: true },
}

/** Arguments with a reason of their own; every other unknown one has the general sentence. */
const REFUSED: { readonly [name: string]: string } = {
  state: 'it would read another state than the one that is approved',
  'state-out': 'it would write another state than the one that is approved',
  backup: 'it moves a copy of the state',
  out: 'Holdpoint keeps the plan file itself, so that nobody can exchange it',
  chdir: 'run holdpoint in the folder of the root module instead',
  'auto-approve': 'who approves is what Holdpoint is for',
  json: 'Holdpoint reads the tool’s output itself',
  input: 'the tool is never asked questions; give variables with -var or TF_VAR_…',
  'generate-config-out': 'it writes configuration after the source was looked at',
}

const GENERAL = 'Holdpoint does not know it, and it could change what the plan means'

/** What may stand after `--`, for whoever gave something else. */
export const ALLOWED_ARGUMENTS: readonly string[] = Object.keys(RULES).map((name) => `-${name}`)

export function parseArguments(given: readonly string[]): ParsedArguments {
  const problems: string[] = []
  const found: Argument[] = []
  for (let at = 0; at < given.length; at += 1) {
    const read = readArgument(given, at)
    if (read.ok) found.push(read.argument)
    else problems.push(read.problem)
    at += (read.ok ? read.argument.words : read.words) - 1
  }
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, arguments: assemble(found) }
}

interface Argument {
  readonly name: string
  readonly value: string
  /** How many words of the command line it took. */
  readonly words: number
}

type Read =
  | { readonly ok: true; readonly argument: Argument }
  | { readonly ok: false; readonly problem: string; readonly words: number }

function readArgument(given: readonly string[], at: number): Read {
  const word = given[at] ?? ''
  const match = /^--?([a-z][a-z-]*)(?:=([\s\S]*))?$/.exec(word)
  const name = match?.[1]
  if (match === null || name === undefined) return refuse(describeWord(word))
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined
  if (rule === undefined) return refuse(`-${name} is refused: ${reasonFor(name)}`)
  const joined = match[2]
  if (rule.kind === 'switch') return readSwitch(name, joined)
  if (joined !== undefined) return readSetting({ name, value: joined, words: 1 })
  const next = given[at + 1]
  if (next === undefined) return refuse(`-${name} needs a value`)
  return readSetting({ name, value: next, words: 2 })
}

function describeWord(word: string): string {
  if (word.startsWith('-')) return 'an argument that is none of the tool’s is refused'
  return 'a plan file or folder as argument is refused: Holdpoint plans in the current folder'
}

function reasonFor(name: string): string {
  return (Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined) ?? GENERAL
}

function readSwitch(name: string, joined: string | undefined): Read {
  const value = joined ?? 'true'
  if (value !== 'true' && value !== 'false') return refuse(`-${name} is true or false`)
  if (name === 'lock' && value === 'false')
    return refuse('-lock=false is refused: two applies at once would damage the state')
  return { ok: true, argument: { name, value, words: 1 } }
}

function readSetting(argument: Argument): Read {
  const problem = settingProblem(argument)
  if (problem === null) return { ok: true, argument }
  return { ok: false, problem, words: argument.words }
}

function settingProblem({ name, value }: Argument): string | null {
  if (name === 'var' && !/^[^=\s]+=/.test(value)) return '-var needs name=value'
  if (name === 'parallelism' && !/^[1-9]\d{0,3}$/.test(value))
    return '-parallelism needs a number from 1 to 9999'
  if (name === 'lock-timeout' && !/^\d{1,6}(ms|s|m|h)$/.test(value))
    return '-lock-timeout needs a time like 30s'
  return value === '' ? `-${name} needs a value` : null
}

function refuse(problem: string): Read {
  return { ok: false, problem, words: 1 }
}

/** The tool takes these without a value only, and `-no-color=true` is none of its arguments. */
const BARE: readonly string[] = ['no-color', 'compact-warnings']

function toolWords({ name, value }: Argument): readonly string[] {
  if (!BARE.includes(name)) return [`-${name}=${value}`]
  return value === 'true' ? [`-${name}`] : []
}

function assemble(found: readonly Argument[]): ToolArguments {
  const words = (each: Argument) => `-${each.name}=${each.value}`
  const valuesOf = (name: string) => found.filter((each) => each.name === name)
  const flags = found.filter((each) => RULES[each.name]?.inFlags === true && !isDefault(each))
  return {
    plan: found.flatMap(toolWords),
    apply: found.filter((each) => RULES[each.name]?.atApply === true).flatMap(toolWords),
    flags: [...new Set(flags.map(words))].toSorted(),
    variables: valuesOf('var').map((each) => variableOf(each.value)),
    variableFiles: valuesOf('var-file').map((each) => each.value),
  }
}

/** `-refresh=true` and `-destroy=false` say what is so anyway. */
function isDefault(argument: Argument): boolean {
  const { name, value } = argument
  if (name === 'refresh') return value === 'true'
  return RULES[name]?.kind === 'switch' && value === 'false'
}

function variableOf(text: string): GivenVariable {
  const at = text.indexOf('=')
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}
