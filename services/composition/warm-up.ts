import type { Logger } from 'pino';
import { createAriClient } from '../adapters/ari/client.ts';
import type { Definitions } from './definitions.ts';

/** Does once, for nothing, what is slow the first time: loads the ARI library and the web server, and reads Asterisk's description of its API. */
export async function warmUp({ config, secrets }: Definitions, log: Logger): Promise<void> {
  const client = createAriClient({
    url: `http://${config.asteriskAddress}:${config.asteriskHttpPort}`,
    user: secrets.ari.user,
    password: secrets.ari.password,
  });
  try {
    await Promise.all([client.load(), import('./screens.ts')]);
  } catch (error) {
    log.warn({ err: error }, 'Asterisk does not answer yet; taking over will be a little slower');
  } finally {
    await client.close();
  }
}
