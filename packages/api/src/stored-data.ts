/** Which types hold data, with the generated list: what every surface asks. */
import { storedDataTypes } from '@holdpoint/core'
import { STATEFUL_TYPES } from './stateful-types.ts'

export const storesData = storedDataTypes(STATEFUL_TYPES)
