import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Config } from '../../services/config.ts';
import { PartError } from './part.ts';
import { fillTemplate } from './template.ts';

/** One object of Asterisk's SIP configuration, as ARI's dynamic configuration takes it. */
export type SipObject = {
  readonly type: 'auth' | 'aor' | 'endpoint';
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
};

const fields = z.record(z.string(), z.string());
const objects = { endpoint: fields.default({}), auth: fields.default({}), aor: fields.default({}) };
const kind = z.object({ name: z.string(), ...objects });
const accountsFile = z.object({ common: z.object(objects), phone: kind, web: kind, caller: kind });
type Kind = z.infer<typeof kind>;

/** All SIP objects for accounts (user → password): a phone and a browser phone for each agent, and one for `caller`. */
export function sipObjects(
  config: Pick<Config, 'repoDir' | 'bindAddress' | 'transferKey'>,
  accounts: Readonly<Record<string, string>>,
): SipObject[] {
  const file = join(config.repoDir, 'dialplans', 'asterisk', 'accounts.yaml');
  const parsed = accountsFile.safeParse(parse(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    throw new PartError(
      `${file}: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`,
    );
  }
  const { common, phone, web, caller } = parsed.data;
  // Without an address of its own, RTP binds where the call came in.
  const mediaAddress = config.bindAddress === '0.0.0.0' ? '' : config.bindAddress;
  const transferKey = config.transferKey ? 'yes' : 'no';
  return Object.entries(accounts).flatMap(([user, password]) =>
    (user === 'caller' ? [caller] : [phone, web]).flatMap((account) => {
      const fill = (text: string) => fillTemplate(text, { user, password, mediaAddress, transferKey }, file);
      return objectsOf(account, common, fill, password);
    }),
  );
}

function objectsOf(
  account: Kind,
  common: Omit<Kind, 'name'>,
  fill: (text: string) => string,
  password: string,
): SipObject[] {
  const id = fill(account.name);
  const merge = (own: Readonly<Record<string, string>>, shared: Readonly<Record<string, string>>) => {
    const filled = Object.entries({ ...shared, ...own }).map(([name, value]) => [name, fill(value)] as const);
    const useless = filled.some(([name, value]) => name === 'media_address' && value === '');
    return Object.fromEntries(
      filled.filter(
        ([name]) => !useless || (name !== 'media_address' && name !== 'bind_rtp_to_media_address'),
      ),
    );
  };
  // The endpoint last: it names the other two.
  return [
    { type: 'auth', id, fields: { ...merge(account.auth, common.auth), username: id, password } },
    { type: 'aor', id, fields: merge(account.aor, common.aor) },
    { type: 'endpoint', id, fields: { ...merge(account.endpoint, common.endpoint), auth: id, aors: id } },
  ];
}
