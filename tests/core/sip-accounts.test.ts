import { expect, test } from 'vitest';
import type { SipObject } from '../../infra/parts/asterisk-accounts.ts';
import type { SipObjectStore } from '../../infra/parts/asterisk-objects.ts';
import { PartError } from '../../infra/parts/part.ts';
import { SipAccounts } from '../../infra/parts/sip-accounts.ts';

const account = (id: string, password = 'first'): SipObject[] => [
  { type: 'auth', id, fields: { password } },
  { type: 'endpoint', id, fields: { auth: id } },
];

/** An Asterisk that notes what it is told, and refuses the accounts named. */
function memory() {
  const told: string[] = [];
  const refused = new Set<string>();
  const tell = async (what: string, { type, id }: Pick<SipObject, 'type' | 'id'>) => {
    if (refused.has(id)) throw new PartError(`refused ${type} ${id}`);
    told.push(`${what} ${type} ${id}`);
  };
  const store: SipObjectStore = {
    put: (object) => tell('put', object),
    remove: (object) => tell('remove', object),
  };
  return { store, refused, told: () => told.splice(0) };
}

test('only what is new, changed or gone is sent; an endpoint comes last and goes first', async () => {
  const { store, told } = memory();
  const accounts = new SipAccounts(store, [...account('1001'), ...account('1002'), ...account('1003')]);
  await accounts.settle();
  expect(told()).toHaveLength(6);
  await accounts.change([...account('1001'), ...account('1002', 'second'), ...account('1011')]);
  expect(told()).toEqual([
    'put auth 1002',
    'put auth 1011',
    'put endpoint 1011',
    'remove endpoint 1003',
    'remove auth 1003',
  ]);
});

test('an Asterisk that starts anew is given the accounts of the last change, all of them', async () => {
  const { store, told } = memory();
  const accounts = new SipAccounts(store, account('1001'));
  await accounts.settle();
  await accounts.change(account('1002'));
  told();
  await accounts.settle();
  expect(told()).toEqual(['put auth 1002', 'put endpoint 1002']);
});

test('Asterisk refuses one of the new accounts: those it took already are taken back, and the former stand', async () => {
  const { store, told, refused } = memory();
  const accounts = new SipAccounts(store, account('1001'));
  await accounts.settle();
  told();
  refused.add('1012');
  await expect(accounts.change([...account('1011'), ...account('1012')])).rejects.toThrow(
    'refused auth 1012',
  );
  expect(told()).toEqual(['put auth 1011', 'put endpoint 1011', 'remove endpoint 1011', 'remove auth 1011']);
  await accounts.settle();
  expect(told()).toEqual(['put auth 1001', 'put endpoint 1001']);
});

test('accounts change while Asterisk is being given them: the one after the other', async () => {
  const { store, told } = memory();
  const accounts = new SipAccounts(store, account('1001'));
  await Promise.all([accounts.settle(), accounts.change(account('1002'))]);
  expect(told()).toEqual([
    'put auth 1001',
    'put endpoint 1001',
    'put auth 1002',
    'put endpoint 1002',
    'remove endpoint 1001',
    'remove auth 1001',
  ]);
});
