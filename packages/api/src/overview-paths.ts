/** Names, methods and paths of the pages that look at everything; see paths.ts. */
export const overviewPaths = {
  people: { method: 'GET', path: '/api/v1/people' },
  removal: { method: 'GET', path: '/api/v1/people/:person/removal' },
  workspaces: { method: 'GET', path: '/api/v1/workspaces' },
  workspace: { method: 'GET', path: '/api/v1/workspaces/:workspace' },
  insights: { method: 'GET', path: '/api/v1/insights' },
  health: { method: 'GET', path: '/api/v1/health' },
} as const
