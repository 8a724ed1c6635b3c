/**
 * What a plan does, in one line and computed from the plan alone (UX: the number destroyed is the
 * most wanted fact). Verbs stand in order of danger; beyond three kinds the rest is a number, and
 * what destroys is never in that rest.
 */
import type { Action, Plan, ResourceChange, Summary } from './plan.ts'
import { programsThatRun } from './programs.ts'
import { protectionLost } from './protection.ts'
import { typeKey } from './type-names.ts'

/** Actions by danger, worst first; the order of headline and rows. */
export const DANGER_ORDER: readonly Action[] = [
  'delete',
  'replace',
  'forget',
  'unknown',
  'create',
  'update',
  'import',
  'move',
  'read',
  'noop',
]

/** What an action does, in the third person; the one table for every surface. */
export const ACTION_VERBS: { readonly [A in Action]: string } = {
  delete: 'deletes',
  replace: 'replaces',
  forget: 'forgets',
  unknown: 'does something unknown to',
  create: 'creates',
  update: 'updates',
  import: 'imports',
  move: 'moves',
  read: 'reads',
  noop: 'keeps',
}

export interface ActionLook {
  /** In front of what it happens to, and on a button before a count: `delete 1`. */
  readonly word: string
  readonly verb: string
  /** Behind a count. */
  readonly one: string
  readonly many: string
  readonly glyph:
    | 'minus'
    | 'replace'
    | 'leave'
    | 'question'
    | 'plus'
    | 'tilde'
    | 'enter'
    | 'arrow'
    | 'dot'
  readonly fill: 'solid' | 'outline' | 'dashed' | 'none'
}

const UNKNOWN_COUNTED = 'of unknown effect'

/** Word, glyph and fill of each action, which always come together; hue is only the fourth. */
export const ACTION_LOOKS: { readonly [A in Action]: ActionLook } = {
  delete: { ...plural('delete'), glyph: 'minus', fill: 'solid' },
  replace: { ...plural('replace'), glyph: 'replace', fill: 'solid' },
  forget: { ...plural('forget'), glyph: 'leave', fill: 'dashed' },
  unknown: {
    ...{ word: 'Unknown', verb: 'unknown', one: UNKNOWN_COUNTED, many: UNKNOWN_COUNTED },
    ...{ glyph: 'question', fill: 'dashed' },
  },
  create: { ...plural('create'), glyph: 'plus', fill: 'outline' },
  update: { ...plural('update'), glyph: 'tilde', fill: 'outline' },
  import: { ...plural('import'), glyph: 'enter', fill: 'outline' },
  move: { ...plural('move'), glyph: 'arrow', fill: 'outline' },
  read: { ...plural('read'), glyph: 'dot', fill: 'none' },
  noop: {
    ...{ word: 'No change', verb: 'leave', one: 'unchanged', many: 'unchanged' },
    ...{ glyph: 'dot', fill: 'none' },
  },
}

function plural(verb: string): Pick<ActionLook, 'word' | 'verb' | 'one' | 'many'> {
  return { word: verb.charAt(0).toUpperCase() + verb.slice(1), verb, one: verb, many: `${verb}s` }
}

/** `1 delete`, `3 of unknown effect`. */
export function actionCount(action: Action, count: number): string {
  const { one, many } = ACTION_LOOKS[action]
  return `${count} ${count === 1 ? one : many}`
}

interface Clause {
  readonly verb: string
  readonly count: number
  readonly noun: string | null
  readonly unit: string
}

const CLAUSES_MAX = 3

/** For example `Deletes a database, replaces 1 resource, updates 3`. No trailing full stop. */
export function headline(plan: Plan, summary: Summary): string {
  const programs = programsText(programsThatRun(plan).length)
  const runs = programs === '' ? '' : `, and ${programs}`
  const clauses = clausesOf(plan, summary)
  if (clauses.length === 0) return `${outputsOnly(plan)}${runs}`
  const isQuiet = DANGER_ORDER.slice(0, 6).every((action) => summary[action] === 0)
  const harmless = isQuiet && programs === ''
  const outside = summary.deferred + summary.invoke
  const shown = clauses.slice(0, CLAUSES_MAX)
  const rest = clauses.slice(CLAUSES_MAX).reduce((sum, clause) => sum + clause.count, 0)
  let unit: string | null = null
  const words = shown.map((clause) => {
    const text = printClause(clause, unit !== clause.unit)
    if (clause.noun === null) unit = clause.unit
    return text
  })
  const sentence = words.join(', ')
  const tail = rest > 0 ? `, and ${rest} more` : harmless && outside === 0 ? ', changes none' : ''
  return sentence.charAt(0).toUpperCase() + sentence.slice(1) + tail + runs
}

/** `runs 1 program`: said whatever else there is, for a program can do anything. */
function programsText(count: number): string {
  if (count === 0) return ''
  return `runs ${count} program${count === 1 ? '' : 's'}`
}

function clausesOf(plan: Plan, summary: Summary): readonly Clause[] {
  const clauses: Clause[] = []
  const add = (verb: string, count: number, rest: { noun: string | null; unit: string }): void => {
    if (count > 0) clauses.push({ verb, count, ...rest })
  }
  for (const action of DANGER_ORDER) {
    if (action === 'noop') continue
    const noun = summary[action] === 1 ? nounFor(plan, action) : null
    const unit = action === 'read' ? 'data source' : 'resource'
    add(ACTION_VERBS[action], summary[action], { noun, unit })
    if (action === 'unknown') {
      add('invokes', summary.invoke, { noun: null, unit: 'action' })
      add('puts off', summary.deferred, { noun: null, unit: 'resource' })
    }
  }
  return clauses
}

function printClause(clause: Clause, withUnit: boolean): string {
  const { verb, count, noun, unit } = clause
  if (noun !== null) return `${verb} ${noun}`
  if (!withUnit) return `${verb} ${count}`
  return `${verb} ${count} ${unit}${count === 1 ? '' : 's'}`
}

function outputsOnly(plan: Plan): string {
  const changed = plan.outputs.filter((output) => output.action !== 'noop').length
  if (changed === 0) return 'Changes nothing'
  return `Changes ${changed} output${changed === 1 ? '' : 's'}`
}

function nounFor(plan: Plan, action: Action): string | null {
  const resource = plan.resources.find((candidate) => candidate.action === action)
  return resource === undefined || action === 'read' ? null : kindOf(resource.type)
}

/** By the key of the type, first match wins. A type that is not here is a "resource". */
const NOUNS: readonly (readonly [RegExp, string])[] = [
  [/^aws:(?:rds|docdb|neptune)db(?:instance|cluster)$/, 'a database'],
  [/^google:sqldatabase(?:instance)?$|^azure:(?:ms|my|postgre)?sqldatabase$/, 'a database'],
  [/:dynamodb(?:global)?table$|:bigtabletable$|:bigquerytable$/, 'a table'],
  [/^aws:s3bucket$|:storagebucket$/, 'a bucket'],
  [/:sqsqueue$|:servicebusqueue$|:storagequeue$/, 'a queue'],
  [/:snstopic$|:pubsubtopic$/, 'a topic'],
  [/^aws:ec2securitygroup$|:networksecuritygroup$/, 'a security group'],
  [/securitygroup(?:ingress|egress|(?:ingress|egress)?rule)$/, 'a security group rule'],
  [/:iamrole$|:roledefinition$|:authorizationroledefinition$/, 'a role'],
  [/:iamuser$/, 'a user'],
  [/:iam(?:managed)?policy$/, 'a policy'],
  [/:kmskey$|:kmscryptokey$/, 'a key'],
  [/^aws:ec2instance$|:computeinstance$|:(?:compute|linux|windows)?virtualmachine$/, 'a server'],
  [/:lambdafunction$|:cloudfunctions(?:2)?function$/, 'a function'],
  [/^aws:ec2vpc$|:computenetwork$|:(?:network)?virtualnetwork$/, 'a network'],
  [/:(?:ec2|network)?subnet$|:computesubnetwork$/, 'a subnet'],
  [/:ekscluster$|:containercluster$|:(?:containerservice)?kubernetescluster$/, 'a cluster'],
  [/^aws:elasticloadbalancing(?:v2)?loadbalancer$/, 'a load balancer'],
  [/^aws:route53recordset$|:dnsrecordset$/, 'a DNS record'],
  [/^aws:route53hostedzone$|:dnsmanagedzone$|:dnszone$/, 'a DNS zone'],
  [/^aws:ec2volume$|:computedisk$|:(?:compute)?manageddisk$/, 'a disk'],
  [/^aws:efsfilesystem$/, 'a file system'],
  [/^azure:storageaccount$/, 'a storage account'],
]

/** `a database` for a known type of any tool, else null. */
export function kindOf(type: string): string | null {
  const key = typeKey(type)
  return NOUNS.find(([pattern]) => pattern.test(key))?.[1] ?? null
}

/**
 * Rows in the order in which people should read them: what destroys stored data, then by action,
 * then by address; among equals what takes protection away from data stands before what only adds.
 * Which types store data is the caller's table.
 */
export function sortByDanger(
  resources: readonly ResourceChange[],
  storesData: (type: string) => boolean = () => false,
): readonly ResourceChange[] {
  const rank = (resource: ResourceChange): number => {
    const order = DANGER_ORDER.indexOf(resource.action)
    const destroys = order < 2 && storesData(resource.type)
    if (destroys) return order - DANGER_ORDER.length
    // An update that takes a guard away stands before what only adds or changes.
    return order > UNGUARDED && protectionLost(resource).length > 0 ? UNGUARDED : order
  }
  const ranked = resources.map((resource) => ({ resource, rank: rank(resource) }))
  return ranked
    .toSorted((left, right) => left.rank - right.rank || byAddress(left.resource, right.resource))
    .map(({ resource }) => resource)
}

const UNGUARDED = DANGER_ORDER.indexOf('unknown') + 0.5

/** Instances in the order of their numbers: `[2]` before `[10]`. */
function byAddress(left: ResourceChange, right: ResourceChange): number {
  if (left.address !== right.address) return compareAddresses(left.address, right.address)
  return (left.deposed ?? '') < (right.deposed ?? '') ? -1 : 1
}

function compareAddresses(left: string, right: string): number {
  const [ours, theirs] = [left.split(INDEX), right.split(INDEX)]
  for (const [at, part] of ours.entries()) {
    const other = theirs[at]
    if (other === undefined) return 1
    if (part === other) continue
    const difference = numberIn(part) - numberIn(other)
    return difference || (part < other ? -1 : 1)
  }
  return -1
}

/** The texts between numbers of instances, and the numbers. */
const INDEX = /(?<=\[)(\d{1,15})(?=\])/

function numberIn(part: string): number {
  return /^\d{1,15}$/.test(part) ? Number(part) : 0
}
