/**
 * Where a resource holds something hidden: by the tool's marks or by our own detection. Paths as
 * people write them (`settings[0].password`); an empty path means the whole object.
 */
import { Hidden, hasMarker, isList, isMap, type ResourceChange, type Value } from '@holdpoint/core'

export function sensitivePathsOf(resource: ResourceChange): readonly string[] {
  const masks = [resource.beforeSensitive, resource.afterSensitive]
  const sides = [resource.before, resource.after]
  const paths = new Set<string>()
  for (const side of sides) walk(side, { path: '', paths, at: isHidden })
  for (const mask of masks) walk(mask, { path: '', paths, at: (value) => value === true })
  return [...paths].toSorted()
}

function isHidden(value: Value): boolean {
  return value instanceof Hidden || (typeof value === 'string' && hasMarker(value))
}

interface Walk {
  readonly path: string
  readonly paths: Set<string>
  readonly at: (value: Value) => boolean
}

function walk(value: Value, to: Walk): void {
  if (to.at(value)) {
    to.paths.add(to.path)
    return
  }
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      walk(item, { ...to, path: `${to.path}[${index}]` })
    }
  } else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) walk(item, { ...to, path: step(to.path, key) })
  }
}

function step(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}
