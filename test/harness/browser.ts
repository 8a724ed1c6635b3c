/** Debian's Chromium, driven with a fresh profile. What the console complains about is kept. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { find } from './machine.ts'

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the page and its console, Content-Security-Policy violations among them. */
  readonly complaints: readonly string[]
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = find('chromium')
  if (executablePath === null) throw new Error('Chromium is not on this machine')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface VisitorOptions {
  readonly scheme?: 'light' | 'dark'
  readonly size?: { readonly width: number; readonly height: number }
}

/** Somebody with a browser of their own, who is nobody yet. */
export async function visit(browser: Browser, options: VisitorOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: options.size ?? { width: 1280, height: 800 },
    colorScheme: options.scheme ?? 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { page, context, complaints }
}

/** Somebody with a browser of their own, signed in as a development person. */
export async function visitAs(
  browser: Browser,
  site: { readonly url: string; readonly handle: string; readonly name: string },
  options: VisitorOptions = {},
): Promise<Visitor> {
  const visitor = await visit(browser, options)
  const { page } = visitor
  await page.goto(`${site.url}/sign-in`)
  await page.getByRole('button', { name: site.name }).click()
  await page.waitForURL((address) => address.pathname !== '/sign-in')
  await page.getByRole('main').waitFor()
  return visitor
}

export interface Authenticator {
  /** Whether it verifies its person, as by a finger or a PIN. */
  readonly verifies: (verified: boolean) => Promise<void>
}

/** A passkey device of the browser's own making (WebAuthn §11), for every page of this visitor. */
export async function addAuthenticator(
  { page, context }: Visitor,
  transport: 'internal' | 'usb' = 'internal',
): Promise<Authenticator> {
  const session = await context.newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    verifies: async (isUserVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
  }
}
