import {
  connect,
  createAudit,
  createAuth,
  createHistory,
  createRecords,
  createTasks,
  migrate,
  syncUsers,
} from '../../services/adapters/postgres/index.ts';
import { instant } from '../../services/events/instant.ts';
import { command, startPostgres } from '../support/postgres.ts';
import { smallCentre } from '../support/small-centre.ts';
import { storeContract } from './store-contract.ts';

const passwords = { admin: 'admin-word', lead: 'lead-word', 1001: 'word-1001', 1002: 'word-1002' };

storeContract('the store in Postgres', async () => {
  const server = await startPostgres();
  const template = await server.createDatabase();
  await migrate(template, instant(Date.parse('2026-03-02T12:00:00+08:00')));
  return {
    async fresh() {
      const url = await server.createDatabase(template);
      const postgres = connect(url);
      await syncUsers(postgres, smallCentre(), passwords);
      const history = createHistory(postgres);
      return {
        auth: createAuth(postgres),
        tasks: createTasks(postgres),
        audit: createAudit(postgres),
        records: createRecords(postgres, { timeZone: 'Asia/Shanghai' }),
        passwordOf: (user) => passwords[user],
        happens: (events) =>
          history.write(
            'j',
            events.map((event, index) => ({ ...event, seq: index + 1 })),
          ),
        audited: async () =>
          (
            await command(
              url,
              'select user_name, action, resource from hotline.audit_entry order by audit_id',
            )
          ).map((row) => ({
            user: String(row.user_name),
            action: String(row.action),
            resource: String(row.resource),
          })),
        close: () => postgres.close(),
      };
    },
    close: () => server.stop(),
  };
});
