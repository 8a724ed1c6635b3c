/** The pages about everything at once: people, workspaces, figures, health. */
import { createHealth } from '../health.ts'
import { createInsights } from '../insights.ts'
import { may, peopleView, removalOf } from '../people-view.ts'
import { createReadPolicy, type ReadPolicy } from '../policy-in-force.ts'
import type { Services } from '../services.ts'
import { workspaceRows, workspaceView } from '../workspace-view.ts'
import { problemOfAsking, sees, sightOf, viewerFor } from './asked.ts'
import { type Ask, done, type Handlers, refused } from './handler.ts'

type OverviewHandlers = Pick<
  Handlers,
  'people' | 'removal' | 'workspaces' | 'workspace' | 'insights' | 'health'
>

export function overviewHandlers(services: Services): OverviewHandlers {
  const readPolicy = createReadPolicy(services)
  const insights = createInsights(services)
  const health = createHealth(services, readPolicy)
  return {
    people: async ({ actor }) => done(peopleView(await viewerFor(actor, services))),
    removal: (ask) => removal(ask, services, readPolicy),
    workspaces: async ({ actor }) => {
      const viewer = await viewerFor(actor, services)
      const sight = sightOf(viewer.access, actor, viewer.now)
      return done({ workspaces: await workspaceRows(sight, viewer, services) })
    },
    workspace: (ask) => workspace(ask, services, readPolicy),
    insights: async ({ actor, query }) => {
      const viewer = await viewerFor(actor, services)
      const sight = sightOf(viewer.access, actor, viewer.now)
      return done(await insights(query, sight, viewer))
    },
    health: async ({ actor }) => {
      const viewer = await viewerFor(actor, services)
      if (may(viewer, 'read_access') || may(viewer, 'read_log')) return done(await health(viewer))
      const asked = { action: 'read_access', on: 'installation' } as const
      const problem = await problemOfAsking(actor, asked, services)
      return problem === null ? done(await health(viewer)) : refused(problem)
    },
  }
}

async function removal(
  { actor, params }: Ask<'removal'>,
  services: Services,
  readPolicy: ReadPolicy,
): ReturnType<Handlers['removal']> {
  const asked = { action: 'change_access', on: 'installation' } as const
  const problem = await problemOfAsking(actor, asked, services)
  if (problem !== null) return refused(problem)
  const { access, names } = await viewerFor(actor, services)
  const { person } = params
  if (access.people.get(person)?.active !== true)
    return refused({ code: 'not_found', what: 'person' })
  return done(await removalOf({ person, access, names }, services, readPolicy))
}

async function workspace(
  { actor, params }: Ask<'workspace'>,
  services: Services,
  readPolicy: ReadPolicy,
): ReturnType<Handlers['workspace']> {
  const viewer = await viewerFor(actor, services)
  const found = viewer.access.workspaces.get(params.workspace)
  if (found === undefined || !(await sees(actor, found.id, services)))
    return refused({ code: 'not_found', what: 'workspace' })
  const shown = { workspace: found, inForce: await readPolicy() }
  return done(await workspaceView(shown, viewer, services))
}
