/** Pages whose code comes when they are opened: the first screen does not wait for them. */
import { lazy } from 'react'

export const HistoryPage = lazy(async () => ({
  default: (await import('./HistoryPage.tsx')).HistoryPage,
}))
export const PeoplePage = lazy(async () => ({
  default: (await import('./PeoplePage.tsx')).PeoplePage,
}))
export const WorkspacesPage = lazy(async () => ({
  default: (await import('./WorkspacesPage.tsx')).WorkspacesPage,
}))
export const WorkspacePage = lazy(async () => ({
  default: (await import('./WorkspacePage.tsx')).WorkspacePage,
}))
export const InsightsPage = lazy(async () => ({
  default: (await import('./InsightsPage.tsx')).InsightsPage,
}))
export const SettingsPage = lazy(async () => ({
  default: (await import('./SettingsPage.tsx')).SettingsPage,
}))
export const GrantsPage = lazy(async () => ({
  default: (await import('./GrantsPage.tsx')).GrantsPage,
}))
export const LogPage = lazy(async () => ({
  default: (await import('./LogPage.tsx')).LogPage,
}))
