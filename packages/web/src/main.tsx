/** Starts the page. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { App } from './App.tsx'
import { askEarly } from './api.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/pieces.css'
import './styles/inbox.css'
import './styles/change.css'
import './styles/change-phone.css'
import './styles/plan.css'
import './styles/reach.css'
import './styles/graph.css'
import './styles/log.css'
import './styles/settings.css'
import './styles/grants.css'
import './styles/glass.css'
import './styles/overview.css'
import './styles/people.css'
import './styles/workspaces.css'
import './styles/insights.css'
import { AnnounceRegion } from './ui/announce.tsx'
import { applyTheme } from './ui/theme.ts'

applyTheme()
const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 5_000, refetchOnWindowFocus: true } },
})
askEarly(window.location.pathname, queries)
const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <AnnounceRegion>
          <BrowserRouter>
            <App />
          </BrowserRouter>
        </AnnounceRegion>
      </QueryClientProvider>
    </StrictMode>,
  )
