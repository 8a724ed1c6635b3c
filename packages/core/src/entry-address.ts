/**
 * What an entry of a plan is called: its address, with the key of a deposed object, and for the eye
 * apart in module and name. Hostile text until a surface rendered it.
 */
import type { ResourceChange } from './plan.ts'

/** An entry's identity in its plan. */
export function keyOf({ address, deposed }: Pick<ResourceChange, 'address' | 'deposed'>): string {
  return deposed === null ? address : `${address} (deposed ${deposed})`
}

/** `module` keeps its dot and is empty for the root; `name` is the rest, whole. */
export function splitAddress(
  address: string,
  module: string,
): { readonly module: string; readonly name: string } {
  if (module === '' || !address.startsWith(`${module}.`)) return { module: '', name: address }
  return { module: `${module}.`, name: address.slice(module.length + 1) }
}
