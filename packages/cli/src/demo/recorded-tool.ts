/**
 * Stands in for Terraform where the machine has none: it answers `plan` and `show` with what real
 * Terraform once wrote for the story's configurations, and says of every `apply` that it is
 * simulated. It belongs to the demonstration alone; nothing else can reach it.
 */
import { createHash } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import recording from './recording.json' with { type: 'json' }

/** Writes the program into the story's folder; its absolute path. */
export async function writeRecordedTool(folder: string): Promise<string> {
  const path = join(folder, 'terraform')
  const bin = JSON.stringify(pathToFileURL(process.argv[1] ?? '').href)
  const lines = [
    `#!${process.execPath}`,
    "process.argv.splice(2, 0, 'demo', '--recorded', '--')",
    `import(${bin})`,
  ]
  await writeFile(path, `${lines.join('\n')}\n`)
  await chmod(path, 0o700)
  return path
}

/** Plays one call of the tool in the current folder. */
export async function playRecorded(args: readonly string[]): Promise<number> {
  switch (args[0]) {
    case 'plan':
      return playPlan(args)
    case 'show':
      return playShow(args.at(-1) ?? '')
    case 'apply':
      return playApply(args.at(-1) ?? '')
    case 'state':
      process.stdout.write(JSON.stringify({ version: 4, lineage: recording.lineage }))
      return 0
    default:
      process.stderr.write('the recording has no such call\n')
      return 1
  }
}

async function playPlan(args: readonly string[]): Promise<number> {
  const configuration = await readFile('main.tf')
  const sha256 = createHash('sha256').update(configuration).digest('hex')
  const scene = recording.scenes.find((each) => each.configuration === sha256)
  const out = args.find((each) => each.startsWith('-out='))?.slice('-out='.length)
  if (scene === undefined || out === undefined) {
    process.stderr.write('the recording has no plan of this configuration\n')
    return 1
  }
  await writeFile(out, Buffer.from(scene.planFile, 'base64'))
  return 0
}

async function playShow(path: string): Promise<number> {
  const scene = await sceneOf(path)
  if (scene === null) return 1
  process.stdout.write(scene.planJson)
  return 0
}

async function playApply(path: string): Promise<number> {
  const scene = await sceneOf(path)
  if (scene === null) return 1
  const changes: readonly { address: string; change: { actions: readonly string[] } }[] =
    JSON.parse(scene.planJson).resource_changes
  const moving = changes.filter((each) => each.change.actions[0] !== 'no-op')
  for (const type of ['planned_change', 'apply_start', 'apply_complete'])
    for (const each of moving) printHook(type, each)
  return 0
}

function printHook(
  type: string,
  { address, change }: { address: string; change: { actions: readonly string[] } },
): void {
  const action = change.actions[0] ?? 'update'
  const resource = { addr: address }
  const body =
    type === 'planned_change'
      ? { change: { resource, action } }
      : { hook: { resource, action, elapsed_seconds: 0 } }
  const message = `${address}: ${type.replace('_', ' ')} (simulated)`
  process.stdout.write(
    `${JSON.stringify({ '@level': 'info', '@message': message, type, ...body })}\n`,
  )
}

async function sceneOf(path: string) {
  const base64 = (await readFile(path)).toString('base64')
  const scene = recording.scenes.find((each) => each.planFile === base64)
  if (scene === undefined) process.stderr.write('this is not a recorded plan\n')
  return scene ?? null
}
