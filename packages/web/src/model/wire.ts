/** The answers of the API, by the names the page uses. Types only: no schema library here. */
import type { Reply } from '@holdpoint/api/client'

export type ChangeView = Reply<'change'>
export type Inbox = Reply<'inbox'>
export type ChangeRow = Inbox['needsYou'][number]
export type SlotView = ChangeView['slots'][number]
export type TimelineEntry = ChangeView['timeline'][number]
export type ActorView = ChangeRow['requester']
export type Whoami = Reply<'whoami'>
export type LogPage = Reply<'log'>
export type LogEntryView = LogPage['entries'][number]
export type DevelopmentPeople = Reply<'developmentPeople'>
