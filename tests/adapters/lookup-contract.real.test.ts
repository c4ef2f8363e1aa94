import { createServer } from 'node:http';
import { createHttpSource } from '../../services/adapters/lookup-http/http-source.ts';
import { createSqlSource } from '../../services/adapters/lookup-sql/sql-source.ts';
import type { SourceMood } from '../support/fake-lookup-source.ts';
import { freePort } from '../support/free-ports.ts';
import { command, startPostgres } from '../support/postgres.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { lookupContract, openSource } from './lookup-contract.ts';

lookupContract('Postgres', {
  declared: {
    source: { kind: 'sql' },
    question: {
      sql: `select balance, due_on as "dueDate", 'in-credit' as standing, null as note from bill where account = :account`,
    },
  },
  async make() {
    const server = await startPostgres();
    const url = await server.createDatabase();
    await command(url, 'create table bill (account text primary key, balance text, due_on date)');
    await command(url, `insert into bill values ('3100000001', '128.50', '2026-05-20')`);
    const wire = await startTcpProxy(server.port);
    const through = new URL(url);
    through.port = String(wire.port);
    const source = createSqlSource({
      url: through.href,
      maxConnections: 4,
      timeZone: 'Asia/Shanghai',
      role: null,
      onConnectionLost: () => undefined,
    });
    return {
      ...openSource(source),
      async setMood(mood: SourceMood) {
        wire.restore();
        await command(url, 'update bill set balance = $1', [mood === 'babbles' ? 'much' : '128.50']);
        if (mood === 'hangs') wire.stall();
        if (mood === 'refuses') wire.cut();
      },
      async close() {
        await source.close();
        await wire.close();
        await server.stop();
      },
    };
  },
});

lookupContract('a service over HTTP', {
  declared: {
    source: { kind: 'http', address: 'http://127.0.0.1:9/api' },
    question: { path: '/bills/{account}?fields=all' },
  },
  async make() {
    let mood: SourceMood = 'answers';
    const server = createServer((request, response) => {
      if (mood === 'hangs') return;
      if (mood === 'refuses') return void request.socket.destroy();
      const known = request.url === '/api/bills/3100000001?fields=all';
      const balance = mood === 'babbles' ? ['much'] : 128.5;
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ balance, dueDate: '2026-05-20T00:00:00+08:00', standing: 'in-credit' }));
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return {
      ...openSource(createHttpSource({ address: `http://127.0.0.1:${port}/api`, token: null })),
      setMood: async (next) => {
        mood = next;
      },
      async close() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
});
