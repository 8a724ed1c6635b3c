/** Answers about everything at once: people, workspaces, figures, health. Times are milliseconds. */
import { z } from 'zod'
import {
  Assurance,
  ChangeIdText,
  InstantNumber,
  list,
  PersonIdText,
  PinnedTarget,
  Role,
  Slot,
  Status,
  textMap,
  WorkspaceIdText,
} from './schemas.ts'

const Count = z.number().int().nonnegative()

/** Somebody by name, for people to read. */
const Named = z.strictObject({ person: PersonIdText, name: z.string() })

const PersonOverview = z.strictObject({
  id: PersonIdText,
  handle: z.string(),
  name: z.string(),
  you: z.boolean(),
  active: z.boolean(),
  teams: list(z.string()),
  /** `workspace` is `null` where the role is given everywhere. */
  roles: list(z.strictObject({ role: Role, workspace: z.string().nullable() })),
  /** Passkeys that count. */
  passkeys: Count,
  /** On the list of people who may break the glass. */
  breakGlass: z.boolean(),
})

const TeamOverview = z.strictObject({
  name: z.string(),
  /** Its members come from the directory and are changed there. */
  directory: z.boolean(),
  members: list(z.strictObject({ handle: z.string(), name: z.string() })),
})

export const PeopleView = z.strictObject({
  /** Who may change all this, for those who may not. */
  admins: list(Named),
  /** Whether you may change access. */
  mayChange: z.boolean(),
  /** `null`: you may not read who may do what. */
  all: z
    .strictObject({
      people: list(PersonOverview),
      teams: list(TeamOverview),
      /** Names, for roles that are given in one of them. */
      workspaces: list(z.string()),
    })
    .nullable(),
})

export const Removal = z.strictObject({
  /** Open changes where an approval of theirs stops counting. */
  approvals: Count,
  /** Teams that nobody would be left in. */
  teams: list(z.string()),
  /** Rules that could no longer be filled. */
  rules: list(z.string()),
  /** Workspaces that nobody would be left to own. */
  workspaces: list(z.string()),
  /** Nobody would be left who administers. */
  lastAdmin: z.boolean(),
})

const Owner = z.strictObject({ person: PersonIdText, handle: z.string(), name: z.string() })

const WorkspaceOverview = z.strictObject({
  id: WorkspaceIdText,
  name: z.string(),
  labels: textMap,
  owners: list(Owner),
  pin: PinnedTarget.nullable(),
  /** Changes that are not ended. */
  open: Count,
  last: z
    .strictObject({
      change: ChangeIdText,
      headline: z.string(),
      status: Status,
      openedAt: InstantNumber,
    })
    .nullable(),
})
export const WorkspaceList = z.strictObject({ workspaces: list(WorkspaceOverview) })

export const WorkspaceView = WorkspaceOverview.extend({
  /** State lineage, known after the first apply. */
  lineage: z.string().nullable(),
  policyRevision: Count,
  /** What each rule that holds asks for, and who could fill it in this workspace today. */
  rules: list(
    z.strictObject({
      rule: z.string(),
      message: z.string().nullable(),
      assurance: Assurance,
      slots: list(
        z.strictObject({
          slot: Slot,
          people: list(Named.extend({ you: z.boolean() })),
        }),
      ),
    }),
  ),
  mayChange: z.boolean(),
  admins: list(Named),
})

const Milliseconds = z.number().nonnegative().nullable()

const ReadingFigures = z.strictObject({
  decisions: Count,
  /** Decided within five seconds of being asked. */
  fast: Count,
  /** Of the decisions whose page stated it: nothing was opened beyond the first screen. */
  stated: Count,
  unopened: Count,
  /** Decided between 23:00 and 06:00 of the one who asks. */
  night: Count,
})

export const InsightsView = z.strictObject({
  from: InstantNumber,
  until: InstantNumber,
  workspaces: list(z.string()),
  weeks: list(
    z.strictObject({
      start: InstantNumber,
      allow: Count,
      hold: Count,
      deny: Count,
      /** Holds of that week that were decided since. */
      decided: Count,
      medianMs: Milliseconds,
      p90Ms: Milliseconds,
    }),
  ),
  total: z.strictObject({
    allow: Count,
    hold: Count,
    deny: Count,
    decided: Count,
    medianMs: Milliseconds,
    p90Ms: Milliseconds,
  }),
  rules: list(z.strictObject({ rule: z.string(), holds: Count, rejected: Count, decided: Count })),
  reading: ReadingFigures.extend({
    /** Where most of the fast ones were, if anywhere. */
    fastRule: z.strictObject({ rule: z.string(), fast: Count }).nullable(),
    /** Of each team the decisions of whoever decided most, never who that is. */
    busiest: list(
      z.strictObject({ team: z.string(), decisions: Count, most: Count, others: Count }),
    ),
  }),
  /** Your own, shown to nobody else; `null` for who is no person. */
  you: ReadingFigures.extend({ medianMs: Milliseconds }).nullable(),
})

const HealthCheck = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(['ok', 'attention', 'broken']),
  says: z.string(),
  /** What to do; `null` where nothing is to be done. */
  remedy: z.string().nullable(),
})
export const HealthView = z.strictObject({
  version: z.string(),
  checkedAt: InstantNumber,
  checks: list(HealthCheck),
})
