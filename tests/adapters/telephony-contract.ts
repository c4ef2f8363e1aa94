import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  asId,
  type BridgeId,
  type LegId,
  type PlaybackId,
  type RecordingId,
} from '../../services/events/ids.ts';
import type { TelephonyFact, TelephonyOrder } from '../../services/runtime/telephony-port.ts';
import type { Rig, RigCaller } from './telephony-rig.ts';

type FactOf<K extends TelephonyFact['kind']> = Extract<TelephonyFact, { kind: K }>;
type Arrived = { caller: LegId; phone: RigCaller };

/** What every telephone system behind the port promises. Run on the fake and on Asterisk with real SIP. */
export function describeTelephony(name: string, open: () => Promise<Rig>): void {
  describe(name, () => {
    let rig: Rig;
    let numbered = 0;
    beforeEach(async () => {
      rig = await open();
      await rig.until('node-up', () => rig.facts.some((fact) => fact.kind === 'node-up'));
    });
    afterEach(async () => {
      await rig.close();
    });

    const told = <K extends TelephonyFact['kind']>(kind: K, legId?: LegId): FactOf<K>[] =>
      rig.facts.filter(
        (fact): fact is FactOf<K> =>
          fact.kind === kind && (legId === undefined || ('legId' in fact && fact.legId === legId)),
      );
    const fact = <K extends TelephonyFact['kind']>(kind: K, legId?: LegId): Promise<FactOf<K>> =>
      rig.until(`${kind} of ${legId ?? 'anyone'}`, () => told(kind, legId)[0]);
    const perform = (order: TelephonyOrder) => rig.perform(order);
    const hangUp = (legId: LegId) => perform({ kind: 'hang-up', legId, because: 'normal' });

    async function arrives(): Promise<Arrived> {
      const before = told('arrived').length;
      const phone = await rig.dials({ number: '95598', from: '13800138000' });
      const arrived = await rig.until('arrived', () => told('arrived')[before]);
      return { caller: arrived.legId, phone };
    }

    async function arrivesAndIsAnswered(): Promise<Arrived> {
      const arrived = await arrives();
      perform({ kind: 'answer', legId: arrived.caller });
      await fact('leg-answered', arrived.caller);
      return arrived;
    }

    function ring(caller: LegId, agent: string, ringTimeoutMs = 15_000, onTheLine: LegId | null = caller) {
      numbered += 1;
      const legId = asId<LegId>(`leg-${process.pid}-${numbered}`);
      const bridgeId = asId<BridgeId>(`bridge-${process.pid}-${numbered}`);
      const order: TelephonyOrder = {
        kind: 'ring-agent',
        legId,
        bridgeId,
        callId: asId(caller),
        agent: asId(agent),
        device: 'sip',
        callerLegId: onTheLine,
        callerNumber: '13800138000',
        ringTimeoutMs,
      };
      perform(order);
      return { legId, bridgeId, order };
    }

    function play(caller: LegId, ...prompts: string[]): PlaybackId {
      numbered += 1;
      const playbackId = asId<PlaybackId>(`playback-${process.pid}-${numbered}`);
      const ids = prompts.map((prompt) => asId<never>(prompt));
      perform({ kind: 'play', legId: caller, playbackId, prompts: ids, language: 'zh-CN' });
      return playbackId;
    }

    function record(caller: LegId, { maxMs = 60_000, silenceMs = 10_000 } = {}): RecordingId {
      numbered += 1;
      const recordingId = asId<RecordingId>(`recording-${process.pid}-${numbered}`);
      perform({ kind: 'record', legId: caller, recordingId, maxMs, silenceMs });
      return recordingId;
    }

    /** `caller`: who is on the line already; null for a customer whom we call. */
    function dialOut(
      caller: LegId | null,
      number: string,
      ringTimeoutMs = 15_000,
      onTheLine: LegId | null = caller,
    ) {
      numbered += 1;
      const legId = asId<LegId>(`leg-${process.pid}-${numbered}`);
      const bridgeId = caller === null ? null : asId<BridgeId>(`bridge-${process.pid}-${numbered}`);
      const order: TelephonyOrder = {
        kind: 'dial-out',
        legId,
        bridgeId,
        callId: asId(caller ?? legId),
        callerLegId: onTheLine,
        number,
        callerId: '95598',
        ringTimeoutMs,
      };
      perform(order);
      return { legId, bridgeId, order };
    }

    /** Lets time pass in which somebody speaks. */
    const lasts = (ms: number) => rig.lasts(ms);

    async function talk() {
      const { caller, phone: callerPhone } = await arrivesAndIsAnswered();
      const phone = await rig.phone('1001');
      const { legId: agent, bridgeId } = ring(caller, '1001');
      await fact('leg-ringing', agent);
      await phone.answers();
      await fact('leg-answered', agent);
      perform({ kind: 'connect', bridgeId, callerLegId: caller, agentLegId: agent });
      await rig.talking(caller, agent, phone, callerPhone);
      return { caller, callerPhone, agent, phone, bridgeId };
    }

    /** Ends what still lives; then nothing may be left, and every leg must have ended once, as its last fact. */
    async function cleanEnd(...legs: LegId[]) {
      for (const leg of legs) {
        if (told('leg-ended', leg).length === 0) hangUp(leg);
      }
      await rig.until('nothing left over', async () => (await rig.leftOver()).length === 0);
      for (const leg of legs) {
        if (told('order-failed', leg).some((failed) => failed.order === 'ring-agent')) continue;
        await fact('leg-ended', leg);
        const facts = rig.facts.filter(
          (one) => 'legId' in one && one.legId === leg && one.kind !== 'order-failed',
        );
        expect(facts.filter((one) => one.kind === 'leg-ended')).toHaveLength(1);
        expect(facts.at(-1)?.kind).toBe('leg-ended');
      }
    }

    it('a caller arrives with number, source and SIP Call-ID', async () => {
      const { caller } = await arrives();
      expect(told('arrived', caller)[0]).toMatchObject({
        nodeId: 'n1',
        source: 'trunk',
        account: 'trunk',
        callerNumber: '13800138000',
        dialledNumber: '95598',
        sipCallId: expect.stringMatching(/./),
      });
      await cleanEnd(caller);
    });

    it('a caller who leaves before being answered ends the leg', async () => {
      const { caller, phone } = await arrives();
      await phone.hangsUp();
      await fact('leg-ended', caller);
      await cleanEnd(caller);
    });

    it('prompts play one after another to their end', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const playbackId = play(caller, 'short', 'short');
      expect(await fact('playback-finished', caller)).toMatchObject({ playbackId, ok: true });
      await cleanEnd(caller);
    });

    it('keys come in order while a prompt plays, and cut it short on our order', async () => {
      const { caller, phone } = await arrivesAndIsAnswered();
      const playbackId = play(caller, 'long');
      for (const key of ['1', '#', '*', '0']) await phone.presses(key);
      await rig.until('four keys', () => told('digit', caller).length === 4);
      expect(told('digit', caller).map(({ digit }) => digit)).toEqual(['1', '#', '*', '0']);
      expect(told('playback-finished')).toHaveLength(0);
      perform({ kind: 'stop-playback', legId: caller, playbackId });
      expect(await fact('playback-finished', caller)).toMatchObject({ playbackId });
      await cleanEnd(caller);
    });

    it('stopping a playback that is over brings its end once more', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const playbackId = play(caller, 'short');
      await fact('playback-finished', caller);
      perform({ kind: 'stop-playback', legId: caller, playbackId });
      await rig.until('its end again', () => told('playback-finished', caller).length === 2);
      await cleanEnd(caller);
    });

    it('answering twice is told twice', async () => {
      const { caller } = await arrivesAndIsAnswered();
      perform({ kind: 'answer', legId: caller });
      await rig.until('answered again', () => told('leg-answered', caller).length === 2);
      await cleanEnd(caller);
    });

    it('a waiting caller hears music, and a prompt silences it', async () => {
      const { caller, phone } = await arrivesAndIsAnswered();
      perform({ kind: 'wait-with-music', legId: caller });
      await rig.music(caller, phone);
      play(caller, 'short');
      await fact('playback-finished', caller);
      perform({ kind: 'wait-with-music', legId: caller });
      await rig.music(caller, phone);
      await cleanEnd(caller);
    });

    it('caller and agent talk; each hang-up is its own', async () => {
      const { caller, agent, phone } = await talk();
      await phone.hangsUp();
      expect(await fact('leg-ended', agent)).toMatchObject({ reason: 'normal' });
      expect(told('leg-ended', caller)).toHaveLength(0);
      await cleanEnd(caller, agent);
    });

    it('a caller goes from music to the agent, and after the agent has left to another one', async () => {
      const { caller, phone: callerPhone } = await arrivesAndIsAnswered();
      for (const number of ['1001', '1002']) {
        perform({ kind: 'wait-with-music', legId: caller });
        await rig.music(caller, callerPhone);
        const phone = await rig.phone(number);
        const { legId: agent, bridgeId } = ring(caller, number);
        await fact('leg-ringing', agent);
        await phone.answers();
        await fact('leg-answered', agent);
        perform({ kind: 'connect', bridgeId, callerLegId: caller, agentLegId: agent });
        await rig.talking(caller, agent, phone, callerPhone);
        await phone.hangsUp();
        await fact('leg-ended', agent);
      }
      await cleanEnd(caller);
    });

    it('a caller who hangs up leaves the agent on the line until we order the end', async () => {
      const { caller, callerPhone, agent } = await talk();
      await callerPhone.hangsUp();
      expect(await fact('leg-ended', caller)).toMatchObject({ reason: 'normal' });
      expect(told('leg-ended', agent)).toHaveLength(0);
      await cleanEnd(caller, agent);
    });

    it('the agent holds and resumes', async () => {
      const { caller, callerPhone, agent, phone } = await talk();
      await phone.holds();
      await fact('leg-held', agent);
      await phone.resumes();
      await fact('leg-resumed', agent);
      await rig.talking(caller, agent, phone, callerPhone);
      await cleanEnd(caller, agent);
    });

    it.each([true, false])(
      'the transfer key is told, nothing is done, and the phone hears our answer (%s)',
      async (accepted) => {
        const { caller, callerPhone, agent, phone } = await talk();
        await phone.asksTransfer('1002');
        expect(await fact('transfer-asked', agent)).toMatchObject({ to: { kind: 'number', number: '1002' } });
        await rig.talking(caller, agent, phone, callerPhone);
        perform({ kind: 'answer-transfer', legId: agent, accepted });
        expect(await phone.transferAnswer()).toBe(accepted ? 'accepted' : 'refused');
        await rig.talking(caller, agent, phone, callerPhone);
        await cleanEnd(caller, agent);
        expect(told('transfer-asked')).toHaveLength(1);
      },
    );

    it('the transfer key can be pressed again; the answer comes before the end that was ordered after it', async () => {
      const { caller, agent, phone } = await talk();
      await phone.asksTransfer('*99');
      await rig.until('the key to be told', () => told('transfer-asked', agent).length === 1);
      perform({ kind: 'answer-transfer', legId: agent, accepted: false });
      expect(await phone.transferAnswer()).toBe('refused');
      await phone.asksTransfer('power-service');
      await rig.until('the key to be told again', () => told('transfer-asked', agent).length === 2);
      perform({ kind: 'answer-transfer', legId: agent, accepted: true });
      hangUp(agent);
      expect(await phone.transferAnswer()).toBe('accepted');
      await cleanEnd(caller, agent);
    });

    it('the transfer key with a call that is none of ours: told as such; unanswered, the end of the leg is the answer', async () => {
      const { caller, agent, phone } = await talk();
      await phone.asksTransfer(null);
      expect(await fact('transfer-asked', agent)).toMatchObject({ to: { kind: 'other-call' } });
      hangUp(agent);
      expect(await phone.transferAnswer()).toBe('refused');
      perform({ kind: 'answer-transfer', legId: agent, accepted: true });
      await cleanEnd(caller, agent);
      expect(told('transfer-asked')).toHaveLength(1);
      expect(told('order-failed')).toEqual([]);
    });

    it('the transfer key while nobody listens does nothing: both talk on', async () => {
      const { caller, callerPhone, agent, phone } = await talk();
      await rig.disconnects();
      await fact('node-down');
      await phone.asksTransfer('1002');
      await rig.talking(caller, agent, phone, callerPhone);
      await rig.connects();
      await rig.until('node-up again', () => told('node-up').length === 2);
      await rig.talking(caller, agent, phone, callerPhone);
      await cleanEnd(caller, agent);
      expect(told('transfer-asked')).toEqual([]);
    });

    it('an agent who declines ends the attempt as busy or declined', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const phone = await rig.phone('1001');
      const { legId } = ring(caller, '1001');
      await fact('leg-ringing', legId);
      await phone.declines();
      expect(['busy', 'declined']).toContain((await fact('leg-ended', legId)).reason);
      expect(told('leg-answered', legId)).toHaveLength(0);
      await cleanEnd(caller, legId);
    });

    it('a phone that rings for the whole time ends the attempt as no-answer', async () => {
      const { caller } = await arrivesAndIsAnswered();
      await rig.phone('1001');
      // Long enough for a busy machine to ring it at all.
      const { legId } = ring(caller, '1001', 2_000);
      await fact('leg-ringing', legId);
      expect(await fact('leg-ended', legId)).toMatchObject({ reason: 'no-answer' });
      await cleanEnd(caller, legId);
    });

    it('a phone that is not there ends the attempt as unreachable', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const phone = await rig.phone('1001');
      await phone.unregisters();
      const { legId } = ring(caller, '1001');
      expect(await fact('leg-ended', legId)).toMatchObject({ reason: 'unreachable' });
      expect(told('order-failed', legId)).toHaveLength(0);
      await cleanEnd(caller, legId);
    });

    it('cancelling a ringing phone ends the attempt as cancelled', async () => {
      const { caller } = await arrivesAndIsAnswered();
      await rig.phone('1001');
      const { legId } = ring(caller, '1001');
      await fact('leg-ringing', legId);
      hangUp(legId);
      expect(await fact('leg-ended', legId)).toMatchObject({ reason: 'cancelled' });
      await cleanEnd(caller, legId);
    });

    it('cancelling in the moment of ringing leaves nothing behind', async () => {
      const { caller } = await arrivesAndIsAnswered();
      await rig.phone('1001');
      for (let i = 0; i < 5; i += 1) {
        const { legId } = ring(caller, '1001');
        hangUp(legId);
        expect(await fact('leg-ended', legId)).toMatchObject({ reason: 'cancelled' });
      }
      await cleanEnd(caller);
    });

    it('ringing for a caller who is gone fails or ends, once, and leaves nothing behind', async () => {
      const { caller, phone } = await arrivesAndIsAnswered();
      await rig.phone('1001');
      await phone.hangsUp();
      await fact('leg-ended', caller);
      const { legId } = ring(caller, '1001', 1_000);
      await rig.until('the end of it', () => told('order-failed', legId)[0] ?? told('leg-ended', legId)[0]);
      await cleanEnd(caller, legId);
      expect(told('order-failed', legId).length + told('leg-ended', legId).length).toBe(1);
    });

    it('repeating a ring order rings once', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const phone = await rig.phone('1001');
      const { legId, order } = ring(caller, '1001');
      perform(order);
      await fact('leg-ringing', legId);
      perform(order);
      await phone.answers();
      await fact('leg-answered', legId);
      hangUp(legId);
      await fact('leg-ended', legId);
      perform(order);
      await cleanEnd(caller, legId);
    });

    it('orders on a leg that is gone fail as gone; a hang-up succeeds in silence', async () => {
      const { caller, agent, bridgeId, callerPhone } = await talk();
      await callerPhone.hangsUp();
      await fact('leg-ended', caller);
      hangUp(caller);
      perform({ kind: 'answer', legId: caller });
      perform({ kind: 'wait-with-music', legId: caller });
      const playbackId = play(caller, 'short');
      perform({ kind: 'connect', bridgeId, callerLegId: caller, agentLegId: agent });
      await rig.until('four failures', () => told('order-failed').length === 4);
      for (const failed of told('order-failed'))
        expect(failed).toMatchObject({ reason: 'gone', legId: caller });
      expect(told('order-failed').find(({ order }) => order === 'play')?.playbackId).toBe(playbackId);
      expect(told('order-failed').map(({ order }) => order)).not.toContain('hang-up');
      await cleanEnd(caller, agent);
    });

    it("a caller who leaves at the very moment of the agent's answer leaves nothing behind", async () => {
      const { caller, phone: callerPhone } = await arrivesAndIsAnswered();
      const phone = await rig.phone('1001');
      const { legId: agent, bridgeId } = ring(caller, '1001');
      await fact('leg-ringing', agent);
      const left = callerPhone.hangsUp();
      await phone.answers();
      await left;
      await fact('leg-answered', agent);
      perform({ kind: 'connect', bridgeId, callerLegId: caller, agentLegId: agent });
      await fact('leg-ended', caller);
      await cleanEnd(caller, agent);
    });

    it('a caller who leaves during a prompt ends once', async () => {
      const { caller, phone } = await arrivesAndIsAnswered();
      play(caller, 'long');
      await phone.presses('1');
      await fact('digit', caller);
      await phone.hangsUp();
      await fact('leg-ended', caller);
      await cleanEnd(caller);
    });

    it("an agent's phone that vanishes mid-call ends the leg for lack of sound", async () => {
      const { caller, agent, phone } = await talk();
      await phone.vanishes();
      expect(await fact('leg-ended', agent)).toMatchObject({ reason: 'media-lost' });
      await cleanEnd(caller, agent);
    });

    it('while the node is down orders fail as unavailable; afterwards it lists who lives', async () => {
      const staying = await arrivesAndIsAnswered();
      const leaving = await arrivesAndIsAnswered();
      await rig.disconnects();
      await fact('node-down');
      perform({ kind: 'wait-with-music', legId: staying.caller });
      expect(await fact('order-failed', staying.caller)).toMatchObject({ reason: 'unavailable' });
      await leaving.phone.hangsUp();
      await rig.until('his channel to be gone', async () => (await rig.leftOver()).length === 1);
      await rig.connects();
      const up = await rig.until('node-up again', () => told('node-up')[1]);
      expect(up.liveLegs).toEqual([staying.caller]);
      expect(told('leg-ended', leaving.caller)).toHaveLength(0);
      perform({ kind: 'wait-with-music', legId: staying.caller });
      await rig.music(staying.caller, staying.phone);
      await cleanEnd(staying.caller);
    });

    it('a prompt that is heard all the while the node is down is told of, and its end as well', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const before = play(caller, 'short');
      const playbackId = play(caller, 'long');
      // Told after the one before it has been carried out: orders of one leg keep their order.
      perform({ kind: 'stop-playback', legId: caller, playbackId: before });
      await fact('playback-finished', caller);
      await rig.disconnects();
      await fact('node-down');
      await rig.connects();
      const up = await rig.until('node-up again', () => told('node-up')[1]);
      expect(up.playing).toEqual([playbackId]);
      perform({ kind: 'stop-playback', legId: caller, playbackId });
      await rig.until('its end', () =>
        told('playback-finished').some((one) => one.playbackId === playbackId),
      );
      await cleanEnd(caller);
    });

    it('a conversation outlives the connection to the controller', async () => {
      const { caller, callerPhone, agent, phone } = await talk();
      await rig.disconnects();
      await fact('node-down');
      await rig.connects();
      const up = await rig.until('node-up again', () => told('node-up')[1]);
      expect([...up.liveLegs].sort()).toEqual([caller, agent].sort());
      await rig.talking(caller, agent, phone, callerPhone);
      await phone.hangsUp();
      await fact('leg-ended', agent);
      await cleanEnd(caller, agent);
    });

    it('what a caller says is recorded until #', async () => {
      const { caller, phone } = await arrivesAndIsAnswered();
      const recordingId = record(caller);
      await rig.recorderRuns(recordingId);
      await lasts(2_500);
      await phone.presses('#');
      const finished = await fact('recording-finished', caller);
      expect(finished).toMatchObject({ recordingId, result: 'finished' });
      expect(finished.durationMs).toBeGreaterThanOrEqual(1_000);
      expect(await rig.recorded(recordingId)).toBe(true);
      await cleanEnd(caller);
    });

    it('a recording ends after its longest time', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const recordingId = record(caller, { maxMs: 2_000 });
      const finished = await fact('recording-finished', caller);
      expect(finished).toMatchObject({ recordingId, result: 'finished' });
      expect(await rig.recorded(recordingId)).toBe(true);
      await cleanEnd(caller);
    });

    it('a recording ordered twice is one, and is ended on our order; told again when asked again', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const recordingId = record(caller);
      perform({ kind: 'record', legId: caller, recordingId, maxMs: 60_000, silenceMs: 10_000 });
      await rig.recorderRuns(recordingId);
      await lasts(1_500);
      perform({ kind: 'stop-recording', legId: caller, recordingId });
      await fact('recording-finished', caller);
      perform({ kind: 'stop-recording', legId: caller, recordingId });
      const again = await rig.until('its end again', () => told('recording-finished', caller)[1]);
      expect(again).toMatchObject({ recordingId, result: 'finished' });
      expect(again.durationMs).toBeGreaterThan(0);
      expect(await rig.recorded(recordingId)).toBe(true);
      await cleanEnd(caller);
    });

    it('stopping a recording that never began says so', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const recordingId = asId<RecordingId>(`recording-${process.pid}-none`);
      perform({ kind: 'stop-recording', legId: caller, recordingId });
      expect(await fact('recording-finished', caller)).toMatchObject({ recordingId, result: 'not-there' });
      await cleanEnd(caller);
    });

    it('a caller who hangs up while speaking to the recorder leaves what was said', async () => {
      const { caller, phone } = await arrivesAndIsAnswered();
      const recordingId = record(caller);
      await rig.recorderRuns(recordingId);
      await lasts(1_500);
      await phone.hangsUp();
      await fact('leg-ended', caller);
      expect(await fact('recording-finished', caller)).toMatchObject({ recordingId, result: 'hung-up' });
      expect(await rig.recorded(recordingId)).toBe(true);
      await cleanEnd(caller);
    });

    it('a recording goes on while the node is down, and its end is told', async () => {
      const { caller, phone } = await arrivesAndIsAnswered();
      const recordingId = record(caller);
      await rig.recorderRuns(recordingId);
      await lasts(1_000);
      await rig.disconnects();
      await fact('node-down');
      await rig.connects();
      await rig.until('node-up again', () => told('node-up')[1]);
      expect(told('recording-finished')).toHaveLength(0);
      await lasts(1_000);
      await phone.presses('#');
      expect(await fact('recording-finished', caller)).toMatchObject({ recordingId, result: 'finished' });
      await cleanEnd(caller);
    });

    it('a recording that ends while the node is down is told of when it is back', async () => {
      const { caller, phone } = await arrivesAndIsAnswered();
      const recordingId = record(caller);
      await rig.recorderRuns(recordingId);
      await lasts(1_500);
      await rig.disconnects();
      await fact('node-down');
      await phone.presses('#');
      await rig.until('it to be kept', () => rig.recorded(recordingId).catch(() => false));
      await rig.connects();
      const finished = await fact('recording-finished', caller);
      expect(finished).toMatchObject({ recordingId, result: 'finished' });
      expect(finished.durationMs).toBeGreaterThan(500);
      await cleanEnd(caller);
    });

    /** 1001, who speaks with the caller, has 1002 rung; the caller hears music. */
    async function asksColleague() {
      const first = await talk();
      const colleaguePhone = await rig.phone('1002');
      const { legId: colleague, bridgeId: both } = ring(first.caller, '1002', 15_000, first.agent);
      perform({ kind: 'wait-with-music', legId: first.caller, outOf: first.bridgeId });
      perform({ kind: 'join', bridgeId: both, legIds: [first.agent, colleague] });
      await fact('leg-ringing', colleague);
      await colleaguePhone.answers();
      await fact('leg-answered', colleague);
      perform({ kind: 'connect', bridgeId: both, callerLegId: first.agent, agentLegId: colleague });
      return {
        own: first.bridgeId,
        both,
        agent: { legId: first.agent, phone: first.phone },
        caller: { legId: first.caller, phone: first.callerPhone },
        colleague: { legId: colleague, phone: colleaguePhone },
      };
    }

    it('a caller is put on hold by order: music, and the agent hears nothing; then both speak again', async () => {
      const { caller, callerPhone, agent, phone, bridgeId } = await talk();
      perform({ kind: 'wait-with-music', legId: caller, outOf: bridgeId });
      await rig.music(caller, callerPhone);
      await rig.silence({ legId: agent, phone });
      // Asked once more it changes nothing.
      perform({ kind: 'wait-with-music', legId: caller, outOf: bridgeId });
      perform({ kind: 'join', bridgeId, legIds: [agent, caller] });
      await rig.together({ legId: caller, phone: callerPhone }, { legId: agent, phone });
      await cleanEnd(agent, caller);
    });

    it('an agent asks a colleague while the caller hears music, turns to the one and the other, and all three speak', async () => {
      const { own, both, agent, caller, colleague } = await asksColleague();
      await rig.together(agent, colleague);
      await rig.music(caller.legId, caller.phone);
      perform({ kind: 'wait-with-music', legId: colleague.legId, outOf: both });
      perform({ kind: 'join', bridgeId: own, legIds: [agent.legId, caller.legId] });
      await rig.together(agent, caller);
      await rig.music(colleague.legId, colleague.phone);
      perform({ kind: 'join', bridgeId: both, legIds: [agent.legId, colleague.legId, caller.legId] });
      await rig.together(agent, colleague, caller);
      await cleanEnd(agent.legId, colleague.legId, caller.legId);
    });

    it('the agent leaves the caller with the colleague: they go on speaking when the agent has hung up', async () => {
      const { both, agent, caller, colleague } = await asksColleague();
      perform({ kind: 'join', bridgeId: both, legIds: [colleague.legId, caller.legId] });
      hangUp(agent.legId);
      await fact('leg-ended', agent.legId);
      await rig.together(caller, colleague);
      await cleanEnd(colleague.legId, caller.legId);
    });

    it('a colleague who hangs up while all three speak: agent and caller can be joined again', async () => {
      const { own, both, agent, caller, colleague } = await asksColleague();
      perform({ kind: 'join', bridgeId: both, legIds: [agent.legId, colleague.legId, caller.legId] });
      await rig.together(agent, colleague, caller);
      await colleague.phone.hangsUp();
      await fact('leg-ended', colleague.legId);
      perform({ kind: 'join', bridgeId: own, legIds: [agent.legId, caller.legId] });
      await rig.together(agent, caller);
      await cleanEnd(agent.legId, caller.legId);
    });

    it('an outside number is called for a caller, and both hear each other', async () => {
      const { caller, phone: callerPhone } = await arrivesAndIsAnswered();
      perform({ kind: 'wait-with-music', legId: caller });
      const phone = await rig.outside('13900139000', 'callee');
      const { legId, bridgeId } = dialOut(caller, '13900139000');
      await fact('leg-ringing', legId);
      await phone.answers();
      await fact('leg-answered', legId);
      perform({
        kind: 'connect',
        bridgeId: bridgeId ?? asId(''),
        callerLegId: caller,
        agentLegId: legId,
      });
      await rig.talking(caller, legId, phone, callerPhone);
      await phone.hangsUp();
      expect(await fact('leg-ended', legId)).toMatchObject({ reason: 'normal' });
      expect(told('leg-ended', caller)).toHaveLength(0);
      // Whoever is left hears us again.
      const playbackId = play(caller, 'short');
      expect(await fact('playback-finished', caller)).toMatchObject({ playbackId, ok: true });
      await cleanEnd(caller, legId);
    });

    it('an outside number that declines, or rings for too long, ends the attempt', async () => {
      const { caller } = await arrivesAndIsAnswered();
      const phone = await rig.outside('13900139000', 'callee');
      const first = dialOut(caller, '13900139000');
      await fact('leg-ringing', first.legId);
      await phone.declines();
      expect(['busy', 'declined']).toContain((await fact('leg-ended', first.legId)).reason);
      const second = dialOut(caller, '13900139000', 1_000);
      expect(await fact('leg-ended', second.legId)).toMatchObject({ reason: 'no-answer' });
      await cleanEnd(caller, first.legId, second.legId);
    });

    it('a customer whom we call hears prompts, and then an agent', async () => {
      const customer = await rig.outside('13900139000', 'customer');
      const { legId } = dialOut(null, '13900139000');
      await fact('leg-ringing', legId);
      await customer.answers();
      await fact('leg-answered', legId);
      const playbackId = play(legId, 'short');
      expect(await fact('playback-finished', legId)).toMatchObject({ playbackId, ok: true });
      const agentPhone = await rig.phone('1001');
      const agent = ring(legId, '1001');
      await fact('leg-ringing', agent.legId);
      await agentPhone.answers();
      await fact('leg-answered', agent.legId);
      perform({ kind: 'connect', bridgeId: agent.bridgeId, callerLegId: legId, agentLegId: agent.legId });
      await rig.talking(legId, agent.legId, agentPhone, customer);
      await cleanEnd(agent.legId, legId);
    });

    it('a customer who is being called is let be on our order', async () => {
      const agentPhone = await rig.phone('1001');
      const agent = ring(asId<LegId>(`leg-${process.pid}-${++numbered}`), '1001', 15_000, null);
      await fact('leg-ringing', agent.legId);
      await agentPhone.answers();
      await fact('leg-answered', agent.legId);
      await rig.outside('13900139000', 'customer');
      const { legId } = dialOut(null, '13900139000', 15_000, agent.legId);
      await fact('leg-ringing', legId);
      await agentPhone.hangsUp();
      await fact('leg-ended', agent.legId);
      hangUp(legId);
      expect(await fact('leg-ended', legId)).toMatchObject({ reason: 'cancelled' });
      await cleanEnd(agent.legId, legId);
    });

    it('an agent is rung first, and the customer called then', async () => {
      const agentPhone = await rig.phone('1001');
      const callId = asId<LegId>(`leg-${process.pid}-${++numbered}`);
      const agent = ring(callId, '1001', 15_000, null);
      await fact('leg-ringing', agent.legId);
      await agentPhone.answers();
      await fact('leg-answered', agent.legId);
      const playbackId = play(agent.legId, 'short');
      expect(await fact('playback-finished', agent.legId)).toMatchObject({ playbackId, ok: true });
      const customer = await rig.outside('13900139000', 'customer');
      const { legId } = dialOut(null, '13900139000', 15_000, agent.legId);
      await fact('leg-ringing', legId);
      await customer.answers();
      await fact('leg-answered', legId);
      perform({ kind: 'connect', bridgeId: agent.bridgeId, callerLegId: legId, agentLegId: agent.legId });
      await rig.talking(legId, agent.legId, agentPhone, customer);
      await cleanEnd(agent.legId, legId);
    });
  });
}
