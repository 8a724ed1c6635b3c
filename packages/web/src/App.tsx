/** Addresses and their pages; what a page shows beyond that is in its query. */
import type { ReactElement } from 'react'
import { Route, Routes } from 'react-router'
import { ChangeRoute } from './pages/ChangePage.tsx'
import { BreakGlassPage } from './pages/glass/BreakGlassPage.tsx'
import { InboxPage } from './pages/InboxPage.tsx'
import { DevicePage } from './pages/identity/DevicePage.tsx'
import { InvitePage } from './pages/identity/InvitePage.tsx'
import { SignPage } from './pages/identity/SignPage.tsx'
import { WelcomePage } from './pages/identity/WelcomePage.tsx'
import { YouPage } from './pages/identity/YouPage.tsx'
import {
  GrantsPage,
  HistoryPage,
  InsightsPage,
  LogPage,
  PeoplePage,
  SettingsPage,
  WorkspacePage,
  WorkspacesPage,
} from './pages/lazy.tsx'
import { SignInPage } from './pages/SignInPage.tsx'
import { Shell } from './ui/Shell.tsx'
import { NotFound } from './ui/states.tsx'

export function App(): ReactElement {
  return (
    <Routes>
      <Route path="/sign-in" element={<SignInPage />} />
      <Route path="/welcome" element={<WelcomePage />} />
      <Route path="/invite" element={<InvitePage />} />
      <Route path="/c/:id/break-glass" element={<BreakGlassPage />} />
      <Route element={<Shell />}>
        <Route path="/" element={<InboxPage />} />
        <Route path="/history" element={<HistoryPage />} />
        <Route path="/workspaces" element={<WorkspacesPage />} />
        <Route path="/w/*" element={<WorkspacePage />} />
        <Route path="/grants" element={<GrantsPage />} />
        <Route path="/log" element={<LogPage />} />
        <Route path="/insights" element={<InsightsPage />} />
        <Route path="/people" element={<PeoplePage />} />
        <Route path="/settings" element={<SettingsPage />} />
        <Route path="/c/:id" element={<ChangeRoute />} />
        <Route path="/you" element={<YouPage />} />
        <Route path="/sign/:nonce" element={<SignPage />} />
        <Route path="/device" element={<DevicePage />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  )
}
