/** Addresses and their pages; what a page shows beyond that is in its query. */
import type { ReactElement } from 'react'
import { Route, Routes } from 'react-router'
import { ChangeRoute } from './pages/ChangePage.tsx'
import { InboxPage } from './pages/InboxPage.tsx'
import { LogPage } from './pages/LogPage.tsx'
import { SignInPage } from './pages/SignInPage.tsx'
import { Shell } from './ui/Shell.tsx'
import { NotFound } from './ui/states.tsx'

export function App(): ReactElement {
  return (
    <Routes>
      <Route path="/sign-in" element={<SignInPage />} />
      <Route element={<Shell />}>
        <Route path="/" element={<InboxPage />} />
        <Route path="/log" element={<LogPage />} />
        <Route path="/c/:id" element={<ChangeRoute />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  )
}
