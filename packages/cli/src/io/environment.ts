/** The only place that reads the process's own environment. Values are secrets until proven not. */

export type Environment = { readonly [name: string]: string }

export function readEnvironment(): Environment {
  const pairs = Object.entries(process.env)
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
