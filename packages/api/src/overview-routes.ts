/** The rows of the route table about everything at once: people, workspaces, figures, health. */
import * as inputs from './inputs.ts'
import { overviewPaths as paths } from './overview-paths.ts'
import * as overview from './overview-schemas.ts'
import { type Route, route } from './route.ts'

export const overviewRoutes = {
  people: route({
    ...paths.people,
    summary: 'Who is here and who administers; the rest to who may read access.',
    access: 'read',
    reply: overview.PeopleView,
  }),
  removal: route({
    ...paths.removal,
    summary: 'What would follow if this person were removed now.',
    access: 'read',
    params: inputs.PersonParams,
    reply: overview.Removal,
  }),
  workspaces: route({
    ...paths.workspaces,
    summary: 'Workspaces whose changes you may see.',
    access: 'read',
    reply: overview.WorkspaceList,
  }),
  workspace: route({
    ...paths.workspace,
    summary: 'One workspace: where it acts, who owns it, who can decide what there.',
    access: 'read',
    params: inputs.WorkspaceParams,
    reply: overview.WorkspaceView,
  }),
  insights: route({
    ...paths.insights,
    summary: 'Figures about rules and teams, counted from the log where you may see changes.',
    access: 'read',
    query: inputs.InsightsQuery,
    reply: overview.InsightsView,
  }),
  health: route({
    ...paths.health,
    summary: 'What is in order, what needs attention, what is broken, and what to do.',
    access: 'read',
    reply: overview.HealthView,
  }),
} as const satisfies { readonly [N in keyof typeof paths]: Route }
