/** The answers of the API, by the names the page uses. Types only: no schema library here. */
import type { Ask, Reply } from '@holdpoint/api/client'

export type ChangeView = Reply<'change'>
export type Inbox = Reply<'inbox'>
export type ChangeRow = Inbox['needsYou'][number]
export type HistoryRow = Reply<'changes'>['changes'][number]
export type HistoryQuery = Ask<'changes'>['query']
export type PeopleView = Reply<'people'>
export type PersonOverview = NonNullable<PeopleView['all']>['people'][number]
export type WorkspaceRow = Reply<'workspaces'>['workspaces'][number]
export type WorkspaceView = Reply<'workspace'>
export type HealthView = Reply<'health'>
export type InsightsView = Reply<'insights'>
export type Invites = Reply<'invites'>
export type SlotView = ChangeView['slots'][number]
export type TimelineEntry = ChangeView['timeline'][number]
export type ActorView = ChangeRow['requester']
export type GrantView = Reply<'grants'>['grants'][number]
export type Whoami = Reply<'whoami'>
export type LogPage = Reply<'log'>
export type LogEntryView = LogPage['entries'][number]
export type DevelopmentPeople = Reply<'developmentPeople'>
export type DecisionBegun = Reply<'beginDecision'>
export type Credential = DecisionBegun['credentials'][number]
export type SignedWith = NonNullable<Ask<'approve'>['body']['signed']>
export type Assertion = SignedWith['assertion']
export type EnrolmentBegun = Reply<'beginWelcome'>
export type Registration = Ask<'welcome'>['body']['registration']
export type SignInWays = Reply<'signInWays'>
export type LendingView = Reply<'lending'>
export type Keys = Reply<'keys'>
export type Sessions = Reply<'sessions'>
export type Terminals = Reply<'terminals'>
export type TerminalView = Reply<'findTerminal'>
export type SignatureView = Reply<'signature'>
