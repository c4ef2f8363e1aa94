import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Config } from '../../services/config.ts';
import type { Credentials, Secrets } from '../../services/runtime/secrets.ts';
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

/** All SIP objects for all accounts: a phone and a browser phone for each agent, and the demo caller. */
export function sipObjects(config: Config, credentials: Pick<Credentials, 'sip'>): SipObject[] {
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
  return Object.entries(credentials.sip).flatMap(([user, password]) =>
    (user === 'caller' ? [caller] : [phone, web]).flatMap((account) => {
      const fill = (text: string) => fillTemplate(text, { user, password, mediaAddress }, file);
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

/**
 * Puts objects into Asterisk's memory; they work at once and last until it ends. Repeatable.
 * @throws {PartError} naming the object Asterisk refused.
 */
export async function putSipObjects(
  ariUrl: string,
  ari: Secrets['ari'],
  wanted: readonly SipObject[],
): Promise<void> {
  const headers = {
    authorization: `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`,
    'content-type': 'application/json',
  };
  for (const { type, id, fields: values } of wanted) {
    // One after another: Asterisk would serve them one after another anyway, and an endpoint needs its auth and aor.
    const response = await fetch(
      `${ariUrl}/asterisk/config/dynamic/res_pjsip/${type}/${encodeURIComponent(id)}`,
      {
        method: 'PUT',
        headers,
        body: JSON.stringify({
          fields: Object.entries(values).map(([attribute, value]) => ({ attribute, value })),
        }),
        signal: AbortSignal.timeout(5000),
      },
    );
    const answer = await response.text();
    if (!response.ok) {
      throw new PartError(
        `Asterisk refused SIP ${type} ${id} (${response.status} ${answer}); see dialplans/asterisk/accounts.yaml`,
      );
    }
  }
}
