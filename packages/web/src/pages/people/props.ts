/** What the parts of the people page are given. */
import type { PeopleView } from '../../model/wire.ts'
import type { Confirming } from '../../ui/ConfirmSheet.tsx'

export type All = NonNullable<PeopleView['all']>

/** Asks before it changes anything; `null` for who may not. */
export type AskFirst = ((confirming: Confirming) => void) | null
