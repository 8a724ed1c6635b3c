/** What session policies are derived with, as core takes it: generated, and the same everywhere. */
import type { IamTable } from '@holdpoint/core'
import table from './iam-table.json' with { type: 'json' }

export const IAM_TABLE: IamTable = table
