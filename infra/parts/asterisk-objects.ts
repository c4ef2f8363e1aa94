import type { Secrets } from '../../services/runtime/secrets.ts';
import type { SipObject } from './asterisk-accounts.ts';
import { PartError } from './part.ts';

/** Asterisk's memory of SIP objects. Both work at once and are repeatable. */
export type SipObjectStore = {
  /** Adds or replaces. @throws {PartError} naming the object Asterisk refused. */
  put(object: SipObject): Promise<void>;
  /** What is not there counts as removed. @throws {PartError} */
  remove(object: Pick<SipObject, 'type' | 'id'>): Promise<void>;
};

const limitMs = 5_000;

/** The store of a running Asterisk, over ARI's dynamic configuration; what is put there lasts until Asterisk ends. */
export function sipObjectStore(ariUrl: string, ari: Secrets['ari']): SipObjectStore {
  const headers = {
    authorization: `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`,
    'content-type': 'application/json',
  };
  const ask = async (method: string, object: Pick<SipObject, 'type' | 'id'>, body?: string) => {
    const url = `${ariUrl}/asterisk/config/dynamic/res_pjsip/${object.type}/${encodeURIComponent(object.id)}`;
    try {
      const response = await fetch(url, {
        method,
        headers,
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(limitMs),
      });
      return { ok: response.ok, status: response.status, answer: await response.text() };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new PartError(`Asterisk at ${ariUrl} does not take SIP ${object.type} ${object.id}: ${cause}`);
    }
  };
  return {
    async put(object) {
      const fields = Object.entries(object.fields).map(([attribute, value]) => ({ attribute, value }));
      const { ok, status, answer } = await ask('PUT', object, JSON.stringify({ fields }));
      if (!ok)
        throw new PartError(
          `Asterisk refused SIP ${object.type} ${object.id} (${status} ${answer}); see dialplans/asterisk/accounts.yaml`,
        );
    },
    async remove(object) {
      const { ok, status, answer } = await ask('DELETE', object);
      if (!ok && status !== 404)
        throw new PartError(`Asterisk keeps SIP ${object.type} ${object.id} (${status} ${answer})`);
    },
  };
}
