const HEARTBEAT_MS = 15_000;
const UNREAD_BYTES_MAX = 64 * 1024;
export function createStreamHub(counted) {
    const clients = new Set();
    const beat = setInterval(() => {
        for (const client of clients)
            send(client, ': still here\n\n');
    }, HEARTBEAT_MS);
    beat.unref();
    const drop = (client) => {
        clients.delete(client);
        client.reply.raw.destroy();
        counted(clients.size);
    };
    const send = (client, text) => {
        const { raw } = client.reply;
        if (raw.destroyed || raw.writableLength > UNREAD_BYTES_MAX)
            drop(client);
        else
            raw.write(text);
    };
    const attach = (reply, listener, missed) => {
        const client = { listener, reply };
        begin(reply);
        clients.add(client);
        counted(clients.size);
        reply.raw.on('close', () => {
            clients.delete(client);
            counted(clients.size);
        });
        send(client, `retry: 2000\n\n${missed.map(textOf).join('')}`);
    };
    return {
        attach,
        publish: async (notice) => {
            for (const client of [...clients]) {
                const { listener } = client;
                const meant = listener.change === null || listener.change === notice.change;
                if (meant && (await listener.sees(notice)))
                    send(client, textOf(notice));
            }
        },
        isListening: (change, actorId) => [...clients].some(({ listener }) => listener.change === change && listener.actorId === actorId),
        count: () => clients.size,
        close: () => {
            clearInterval(beat);
            for (const client of clients)
                client.reply.raw.end();
            clients.clear();
        },
    };
}
function begin(reply) {
    reply.hijack();
    reply.raw.writeHead(200, {
        ...headerTexts(reply),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
    });
}
function headerTexts(reply) {
    const headers = Object.entries(reply.getHeaders());
    return Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));
}
function textOf({ change, status, seq }) {
    const data = JSON.stringify({ id: change, status, seq });
    return `id: ${seq}\nevent: change\ndata: ${data}\n\n`;
}
