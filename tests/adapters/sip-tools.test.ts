import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ensureTools } from '../../infra/tools/tools.ts';
import { type BareAsterisk, startBareAsterisk } from '../support/bare-asterisk.ts';
import { seeded } from '../support/caller.ts';
import type { Phone } from '../support/phone.ts';
import { Telephones } from '../support/telephones.ts';
import { toneStartMs } from '../support/tone.ts';
import { patienceMs, until } from '../support/until.ts';

// The tools of the system tests, proved on an Asterisk that has nothing of ours: when a system test fails,
// the telephones are not to blame.

const USERS = { '1001': 'first-secret', '1002': 'second-secret', '1003': 'third-secret' };
const EXTENSIONS = `[in]
exten => 700,1,Answer()
 same => n,Echo()
exten => 701,1,Ringing()
 same => n,Wait(30)
exten => 702,1,Answer()
 same => n,Read(key,,1,,1,5)
 same => n,PlayTones(\${key}00)
 same => n,Wait(1)
exten => 703,1,Dial(PJSIP/1001&PJSIP/1002&PJSIP/1003,10)
exten => _10XX,1,Dial(PJSIP/\${EXTEN},10)
exten => _*X.,1,Answer()
 same => n,Echo()
`;

let asterisk: BareAsterisk;
let phones: Telephones;

beforeAll(async () => {
  const tools = await ensureTools(['run', 'test'], () => undefined);
  asterisk = await startBareAsterisk({
    asterisk: tools.asterisk,
    modulesDir: tools.asteriskModulesDir,
    dataDir: tools.asteriskDataDir,
    users: USERS,
    extensions: EXTENSIONS,
  });
  phones = new Telephones(tools, asterisk.sipPort);
});
afterEach(() => phones.stopAll());
afterAll(() => asterisk.stop());

describe('a caller by sipp', () => {
  test('hears the own tone from an echo, on a time line that goes with that of the answer', async () => {
    const { heard, ...outcome } = await phones.call('700', [
      { answer: true },
      { tone: 600 },
      { hears: 600 },
      { hangUpAfterMs: 100 },
    ]);
    expect(outcome).toMatchObject({
      statuses: [100, 200],
      answered: true,
      endedBy: 'caller',
      cancelled: false,
    });
    const startedMs = toneStartMs(heard.sound(), 600) ?? Number.POSITIVE_INFINITY;
    const afterAnswerMs = startedMs - heard.msAt(outcome.answeredAt ?? 0);
    expect(afterAnswerMs).toBeGreaterThan(-100);
    // Two clocks that do not go together are apart by far more; how soon exactly is up to how busy the machine is.
    expect(afterAnswerMs).toBeLessThan(patienceMs);
  });

  test.each([
    ['RFC 4733', 'rfc4733', '5', 500],
    ['SIP INFO', 'info', '7', 700],
  ] as const)('presses a key by %s: Asterisk reads it and hangs up', async (_, by, key, toneHz) => {
    const script = [{ answer: true }, { dtmf: key, by }, { hears: toneHz }, { untilBye: true }] as const;
    expect(await phones.call('702', script)).toMatchObject({ endedBy: 'callee', finalStatus: 200 });
  });

  test('gives up while it rings: CANCEL, 487', async () => {
    const outcome = await phones.call('701', [{ cancelAfterMs: 1_500 }]);
    expect(outcome).toMatchObject({
      statuses: [100, 180, 487],
      cancelled: true,
      endedBy: 'caller',
      answered: false,
    });
  });

  test('dials an unknown number: 404', async () => {
    expect(await phones.call('799', [{ untilBye: true }])).toMatchObject({
      finalStatus: 404,
      endedBy: 'refused',
    });
  });

  test('dies in mid-call without a BYE', async () => {
    const phone = await phones.phone({ user: '1001', password: USERS['1001'], answer: 'auto' });
    const call = await phones.dial('1001');
    await call.answered();
    await phone.talking();
    await phones.stopAll();
    expect(call.outcome).toMatchObject({ answered: true, endedBy: 'nobody' });
  });

  test('20 callers at once, each with an own fate: sipp and the scripts agree about every one', async () => {
    const random = seeded(95_598);
    const leavesEarly = Array.from({ length: 20 }, () => random() < 0.5);
    const outcomes = await phones.load({
      calls: 20,
      ratePerSecond: 20,
      to: '702',
      withinMs: 15_000,
      script: (i) =>
        leavesEarly[i]
          ? [{ answer: true }, { hangUpAfterMs: 100 }]
          : [{ answer: true }, { dtmf: '4' }, { untilBye: true }],
    });
    expect(outcomes.map(({ endedBy }) => endedBy)).toEqual(
      leavesEarly.map((early) => (early ? 'caller' : 'callee')),
    );
    expect(new Set(outcomes.map(({ sipCallId }) => sipCallId)).size).toBe(20);
  });
});

const KINDS: [string, (toneHz: number) => Promise<Phone>][] = [
  ['baresip', (toneHz) => phones.baresip({ user: '1001', password: USERS['1001'], toneHz })],
  ['our own SIP phone', (toneHz) => phones.phone({ user: '1001', password: USERS['1001'], toneHz })],
];

describe.each(KINDS)("an agent's phone: %s", (_, start) => {
  test('talks both ways, holds, resumes, and hangs up', async () => {
    const phone = await start(650);
    const call = await phones.dial('1001');
    await phone.incoming();
    await phone.answer();
    await call.answered();
    call.media.tone(450);
    await Promise.all([phone.hears(450), call.media.hears(650)]);
    await phone.hold();
    await phone.resume();
    await call.media.hears(650, { sinceMs: call.media.recording.lengthMs });
    await phone.hangUp();
    expect(await call.ended()).toMatchObject({ endedBy: 'callee', statuses: [100, 180, 200] });
  });

  test('declines: the caller gets 486', async () => {
    const phone = await start(650);
    const call = await phones.dial('1001');
    await phone.incoming();
    await phone.decline();
    expect(await call.ended()).toMatchObject({ endedBy: 'refused', finalStatus: 486 });
    expect(phone.ringCount).toBe(1);
  });

  test('stops ringing when the caller leaves', async () => {
    const phone = await start(650);
    const call = await phones.dial('1001');
    await phone.incoming();
    call.hangUp();
    await phone.idle();
    expect(await call.ended()).toMatchObject({ cancelled: true, finalStatus: 487 });
  });

  test('dials a service code, and is unreachable once unregistered', async () => {
    const phone = await start(650);
    expect(await phone.dial('*11')).toBe('answered');
    await phone.hears(650);
    await phone.hangUp();
    await phone.unregister();
    expect(await phones.call('1001', [{ untilBye: true }])).toMatchObject({
      finalStatus: 503,
      answered: false,
    });
  });

  test('vanishes in mid-call: nobody is told', async () => {
    const phone = await start(650);
    const call = await phones.dial('1001');
    await phone.incoming();
    await phone.answer();
    await call.media.hears(650);
    await phone.kill();
    expect(call.over).toBe(false);
    call.hangUp();
    expect(await call.ended()).toMatchObject({ endedBy: 'caller' });
  });
});

describe('races only our own phones are exact enough for', () => {
  test('the agent answers at the very moment the caller leaves', async () => {
    const agent = await phones.phone({ user: '1001', password: USERS['1001'] });
    const caller = await phones.trunkPhone();
    const dialled = caller.dial('1001');
    await agent.incoming();
    const left = caller.hangUp();
    agent.answerNow();
    expect(await dialled).toBe('487 Request Terminated');
    await left;
    await Promise.all([agent.idle(), caller.idle()]);
    expect(agent.log.map(({ what }) => what)).toContain('picks up');
  });

  test('of three phones ringing at once the first to answer talks, the others stop', async () => {
    const all = await Promise.all(
      Object.entries(USERS).map(([user, password]) => phones.phone({ user, password, toneHz: 650 })),
    );
    const call = await phones.dial('703');
    await Promise.all(all.map((phone) => phone.incoming()));
    await all[1]?.answer();
    await until('the others to stop', () => all.filter(({ state }) => state === 'idle').length === 2);
    await call.media.hears(650);
    expect(all[1]?.state).toBe('talking');
  });

  test('a wrong password is refused', async () => {
    await expect(phones.phone({ user: '1001', password: 'wrong' })).rejects.toThrow('401');
  });
});
