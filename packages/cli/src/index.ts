/** What others may use of the CLI: its command table, from which the reference page is made. */
export { flagName } from './commands/help.ts'
export { type CommandRow, type FlagRow, SHARED_FLAGS, usageLine } from './commands/row.ts'
export { commandRows } from './commands/table.ts'
