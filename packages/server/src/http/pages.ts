/**
 * The files of the web page, and its one document for every address that is not a file or the
 * API. Without a build it says what to run. It never serves anything outside the build's folder.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requestProblem, sendProblem } from './problems.ts'

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Holdpoint</title>
<h1>The page is not built</h1>
<p>The server runs and its API answers. To see the page, run <code>npm run build</code> in the
checkout and reload.</p>
</html>
`

export async function registerPages(app: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'))
  if (built)
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      preCompressed: true,
      immutable: true,
      maxAge: '1y',
      setHeaders: (reply, path) => {
        if (path.endsWith('index.html')) reply.header('cache-control', 'no-cache')
      },
    })
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) return notThere(reply)
    if (built) return reply.sendFile('index.html')
    return reply.type('text/html; charset=utf-8').send(NOT_BUILT)
  })
}

/** Addresses of the page are its own business; a missing file or route is still missing. */
function isPage(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] ?? ''
  const reserved = ['/api/', '/log/', '/assets/', '/oauth/', '/scim/'].some((prefix) =>
    path.startsWith(prefix),
  )
  return (request.method === 'GET' || request.method === 'HEAD') && !reserved
}

function notThere(reply: FastifyReply): FastifyReply {
  const problem = requestProblem(404, 'Not found', 'This server has nothing at that address.')
  return sendProblem(reply, 404, { ...problem, code: 'not_found' })
}
