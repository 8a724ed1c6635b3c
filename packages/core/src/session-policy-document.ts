/**
 * Grants as an IAM policy: sorted, without a space, the same bytes for the same grants. What is too
 * long is written shorter only in ways that permit nothing more than settings of the same resource
 * to be read; there is no wider form than that, because wider would be silent.
 */
import type { Grant } from './session-policy-grants.ts'

/** What AWS takes of all session policies together, in characters. */
export const SESSION_POLICY_CHARACTERS_MAX = 2_048

export interface PolicyStatement {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** `iam:PassedToService=ecs.amazonaws.com`, where the statement holds under a condition. */
  readonly condition: string | null
}

export interface PolicyDocument {
  readonly text: string
  readonly statements: readonly PolicyStatement[]
}

type Families = { readonly [pattern: string]: readonly string[] }

/** The first of the forms that fits, or the shortest where none does. */
export function documentOf(grants: readonly Grant[], families: Families): PolicyDocument {
  const plain = statementsOf(grants)
  const familiar = plain.map((each) => inFamilies(each, families))
  const forms = [plain, regrouped(familiar), together(plain), together(regrouped(familiar))]
  const documents = forms.map((statements) => ({ text: textOf(statements), statements }))
  const fitting = documents.find(({ text }) => text.length <= SESSION_POLICY_CHARACTERS_MAX)
  return fitting ?? documents.toSorted((a, b) => a.text.length - b.text.length)[0] ?? EMPTY
}

const EMPTY: PolicyDocument = { text: '', statements: [] }

/** Resources that the same may be done with stand in one statement. */
function statementsOf(grants: readonly Grant[]): readonly PolicyStatement[] {
  const byPlace = new Map<
    string,
    { condition: string | null; resource: string; actions: Set<string> }
  >()
  for (const grant of grants) {
    const [action = '', condition = null] = grant.action.split('?')
    const key = JSON.stringify([condition, grant.resource])
    const place = byPlace.get(key) ?? { condition, resource: grant.resource, actions: new Set() }
    place.actions.add(action)
    byPlace.set(key, place)
  }
  const statements = [...byPlace.values()].map(({ condition, resource, actions }) => {
    return { actions: [...actions].toSorted(), resources: [resource], condition }
  })
  return regrouped(statements)
}

function regrouped(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
  const byActions = new Map<string, PolicyStatement>()
  for (const each of statements) {
    const key = JSON.stringify([each.condition, each.actions])
    const resources = [...(byActions.get(key)?.resources ?? []), ...each.resources]
    byActions.set(key, { ...each, resources: [...new Set(resources)].toSorted() })
  }
  return sorted([...byActions.values()])
}

function sorted(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
  const keyed = statements.map((each) => ({ each, key: JSON.stringify(each) }))
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ each }) => each)
}

/** A family stands for its members where two or more of them are there. */
function inFamilies(statement: PolicyStatement, families: Families): PolicyStatement {
  let actions: readonly string[] = statement.actions
  for (const pattern of Object.keys(families).toSorted()) {
    const members = (families[pattern] ?? []).filter((each) => actions.includes(each))
    if (members.length < 2) continue
    actions = [...actions.filter((each) => !members.includes(each)), pattern]
  }
  return { ...statement, actions: actions.toSorted() }
}

/**
 * Statements about different services in one: an action reaches no resource of another service,
 * so together they permit what they permitted apart.
 */
function together(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
  const groups: { services: Set<string>; statement: PolicyStatement }[] = []
  for (const statement of statements) {
    const services = servicesOf(statement)
    const isApart = statement.condition !== null || statement.resources.includes('*')
    const group = isApart
      ? undefined
      : groups.find(
          (each) =>
            each.statement.condition === null &&
            !each.statement.resources.includes('*') &&
            ![...services].some((service) => each.services.has(service)),
        )
    if (group === undefined) groups.push({ services: new Set(services), statement })
    else {
      for (const service of services) group.services.add(service)
      group.statement = {
        actions: [...group.statement.actions, ...statement.actions].toSorted(),
        resources: [...group.statement.resources, ...statement.resources].toSorted(),
        condition: null,
      }
    }
  }
  return sorted(groups.map(({ statement }) => statement))
}

function servicesOf({ actions, resources }: PolicyStatement): ReadonlySet<string> {
  const ofActions = actions.map((each) => each.split(':')[0] ?? '')
  return new Set([...ofActions, ...resources.map((each) => each.split(':')[2] ?? '')])
}

function textOf(statements: readonly PolicyStatement[]): string {
  const Statement = statements.map(({ actions, resources, condition }) => ({
    Effect: 'Allow',
    Action: oneOrMany(actions),
    Resource: oneOrMany(resources),
    ...(condition === null ? {} : { Condition: conditionOf(condition) }),
  }))
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

function oneOrMany(texts: readonly string[]): string | readonly string[] {
  const [first] = texts
  return texts.length === 1 && first !== undefined ? first : texts
}

/** A request names several keys of a table at once, and each of them has to be one of ours. */
const OF_MANY: ReadonlySet<string> = new Set(['dynamodb:LeadingKeys'])

/** `key=a`, or `key=a|b`. */
function conditionOf(text: string): object {
  const at = text.indexOf('=')
  const key = text.slice(0, at)
  const operator = OF_MANY.has(key) ? 'ForAllValues:StringEquals' : 'StringEquals'
  return { [operator]: { [key]: oneOrMany(text.slice(at + 1).split('|')) } }
}
