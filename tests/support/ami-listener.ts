import { connect } from 'node:net';
import { join } from 'node:path';
import { readSecrets } from '../../services/runtime/secrets.ts';
import type { Instance } from './instance.ts';
import { until } from './until.ts';

/** What Asterisk says on its manager interface, as it comes over the line, line by line. */
export async function listenToAmi({ home, env }: Pick<Instance, 'home' | 'env'>) {
  const { ami } = readSecrets(join(home, 'secrets.json'));
  const socket = connect(Number(env.HOTLINE_ASTERISK_HTTP_PORT) + 2, '127.0.0.1');
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1');
  });
  socket.write(`Action: Login\r\nUsername: ${ami.user}\r\nSecret: ${ami.password}\r\nEvents: off\r\n\r\n`);
  await until('to be let in', () => heard.includes('Authentication accepted'));
  return {
    /** What it answers to an action that is answered with a list. */
    async list(action: string): Promise<string[]> {
      const from = heard.length;
      socket.write(`Action: ${action}\r\n\r\n`);
      await until('the end of the list', () => heard.includes('EventList: Complete', from));
      return heard.slice(from).split(/[\r\n]+/);
    },
    stop: () => socket.destroy(),
  };
}
