/** Pages for machines that run the server: is it alive, may it write, its numbers, its contract. */
import { openApiDocument } from '@holdpoint/api';
export function registerStatus(app, pages) {
    const openApi = JSON.stringify(openApiDocument(pages.version));
    app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
    app.get('/readyz', async (_request, reply) => {
        const why = await pages.notReady();
        if (why === null)
            return reply.type('text/plain').send('ready\n');
        return reply.status(503).type('text/plain').send(`${why}\n`);
    });
    app.get('/metrics', async (_request, reply) => reply.type(pages.metrics.registry.contentType).send(await pages.metrics.registry.metrics()));
    app.get('/api/v1/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(openApi));
}
