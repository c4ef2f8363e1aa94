import { expect, test } from 'vitest';
import { forgetForeignSettings } from '../../infra/setup/foreign-settings.ts';

test('what a shell has set for another Postgres, or for a proxy, does not come between our own parts', () => {
  const env: NodeJS.ProcessEnv = {
    PATH: '/usr/bin',
    PGSSLMODE: 'require',
    PGOPTIONS: '-c search_path=theirs',
    HOTLINE_BIND: '192.0.2.7',
    HTTP_PROXY: 'http://proxy.example:3128',
    NO_PROXY: 'intranet.example',
  };
  forgetForeignSettings(env);
  expect(env).toEqual({
    PATH: '/usr/bin',
    HOTLINE_BIND: '192.0.2.7',
    HTTP_PROXY: 'http://proxy.example:3128',
    NO_PROXY: 'intranet.example,127.0.0.1,localhost,192.0.2.7',
    no_proxy: 'intranet.example,127.0.0.1,localhost,192.0.2.7',
  });
});
