import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { liveSnapshotSchema, problemSchema } from '../../../services/adapters/http/contract/index.ts';
import { instant } from '../../../services/events/instant.ts';
import { liveCall, noon } from '../../support/http-fakes.ts';
import { type HttpUnderTest, type StreamEvent, startHttp, streamEvents } from '../../support/http-server.ts';
import { inTime, until } from '../../support/until.ts';

const path = '/api/v1/live/stream';
let http: HttpUnderTest;
/** Held: an answer that is let go of is collected sooner or later, and its stream closed with it. */
let opened: { res: Response; close: () => void }[];

beforeEach(async () => {
  opened = [];
  http = await startHttp({
    limits: {
      streamMinIntervalMs: 60,
      streamMaxIntervalMs: 150,
      // Far longer than a reader takes that only shares a busy machine.
      streamStallMs: 1_500,
      streamSessionCheckMs: 50,
      sessionCacheMs: 20,
      // So that what ends at once does not end by this.
      closeMs: 30_000,
      streams: 4,
      streamsPerUser: 2,
    },
  });
});
afterEach(async () => {
  for (const stream of opened) stream.close();
  await http.stop();
});

async function openStream(cookie: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const close = () => controller.abort();
  const res = await http.get(path, { cookie, headers, signal: controller.signal });
  opened.push({ res, close });
  const events = streamEvents(res);
  return {
    res,
    close,
    async next(): Promise<StreamEvent> {
      const { value, done } = await inTime('the next event of the stream', events.next());
      if (done) throw new Error('the stream ended');
      return value;
    },
    ended: async () => {
      for (;;) if ((await inTime('the end of the stream', events.next())).done) return;
    },
  };
}

describe('a live stream', () => {
  test('begins with a whole, masked snapshot under its sequence number', async () => {
    const stream = await openStream(await http.signIn('lead'));
    expect(stream.res.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const first = await stream.next();
    expect(first).toMatchObject({ event: 'snapshot', id: '7' });
    expect(liveSnapshotSchema.parse(first.data)).toMatchObject({
      numbers: 'masked',
      calls: [{ callerNumber: '138****1234' }],
    });
  });

  test('many changes make few snapshots, and the last one has them all', async () => {
    const stream = await openStream(await http.signIn('lead'));
    await stream.next();
    let made = 0;
    const { live } = http.application;
    http.application.live = () => {
      made += 1;
      return live();
    };
    const startedAt = performance.now();
    for (let i = 0; i < 50; i++) {
      http.step();
      await http.get('/healthz'); // gives timers their turn
    }
    while ((await stream.next()).id !== '57');
    expect(made).toBeLessThanOrEqual((performance.now() - startedAt) / 60 + 2);
  });

  test('repeats itself when nothing happens, with the time of now', async () => {
    const stream = await openStream(await http.signIn('lead'));
    await stream.next();
    http.state.now = instant(noon + 5000);
    let repeated: StreamEvent;
    do {
      repeated = await stream.next();
      expect(repeated).toMatchObject({ event: 'snapshot', id: '7' });
      // Some may have been on their way when the time changed.
    } while ((repeated.data as { at: number }).at === noon);
    expect(repeated).toMatchObject({ data: { at: noon + 5000 } });
  });

  test('takes a Last-Event-ID and answers with the whole truth', async () => {
    const stream = await openStream(await http.signIn('lead'), { 'last-event-id': '3' });
    expect((await stream.next()).id).toBe('7');
  });

  test('survives a snapshot that cannot be made', async () => {
    const stream = await openStream(await http.signIn('lead'));
    await stream.next();
    const { live } = http.application;
    http.application.live = () => {
      throw new Error('not now');
    };
    http.step();
    await until('the failure is logged', () => http.logged.some((line) => line.includes('not now')));
    http.application.live = live;
    http.step();
    expect((await stream.next()).event).toBe('snapshot');
  });

  test('ends with a word when its session is signed out', async () => {
    const cookie = await http.signIn('lead');
    const stream = await openStream(cookie);
    await stream.next();
    await http.send('DELETE', '/api/v1/session', { cookie });
    // Behind what was sent until then.
    while ((await stream.next()).event !== 'signed-out');
    await stream.ended();
  });

  test('ends when its session is withdrawn behind our back', async () => {
    const stream = await openStream(await http.signIn('lead'));
    await stream.next();
    http.people.sessions.clear();
    http.state.now = instant(noon + 1000);
    while ((await stream.next()).event !== 'signed-out');
    await stream.ended();
  });

  test('goes on while the database is away', async () => {
    const stream = await openStream(await http.signIn('lead'));
    http.people.state.mode = 'away';
    http.state.now = instant(noon + 1000);
    for (let i = 0; i < 5; i++) expect((await stream.next()).event).toBe('snapshot');
  });

  test('is limited per user and in all; a closed one makes room', async () => {
    const lead = await http.signIn('lead');
    const first = await openStream(lead);
    await openStream(lead);
    const third = await openStream(lead);
    expect(third.res.status).toBe(429);
    const admin = await http.signIn('admin');
    await openStream(admin);
    await openStream(admin);
    expect((await openStream(await http.signIn('1001'))).res.status).toBe(429);
    first.close();
    await until('room for one more', async () => {
      const res = await http.send('GET', path, { cookie: lead, signal: AbortSignal.timeout(500) });
      if (res.status !== 200) problemSchema.parse(await res.json());
      return res.status === 200;
    });
  });

  test('nobody looking: nothing is computed', async () => {
    const stream = await openStream(await http.signIn('lead'));
    await stream.next();
    stream.close();
    let made = 0;
    const { live } = http.application;
    await until('the stream is gone', () => http.logged.some((line) => line.includes('"aborted":true')));
    http.application.live = () => {
      made += 1;
      return live();
    };
    for (let i = 0; i < 10; i++) http.step();
    expect(await (await http.get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(made).toBe(0);
  });
});

describe('a reader that does not read', () => {
  test('is cut off; others go on and hear the newest', async () => {
    const good = await openStream(await http.signIn('lead'));
    let heard = '';
    const reading = (async () => {
      while (heard !== 'the end') heard = (await good.next()).id;
    })().catch(() => undefined); // ends with the stream
    http.state.calls = Array.from({ length: 3000 }, () => liveCall('13812341234'));
    const socket = connect(http.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.pause();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nCookie: ${await http.signIn('admin')}\r\n\r\n`);
    await until(
      'the slow reader is cut off',
      () => http.logged.some((line) => line.includes('was cut off') && line.includes('"admin"')),
      { withinMs: 15_000, everyMs: 50 },
    );
    http.state.calls = [];
    http.step();
    await until('the other reader hears the newest', () => heard === String(http.state.seq));
    socket.resume();
    await inTime('the slow reader notices', gone);
    good.close();
    await reading;
  }, 30_000);
});

describe('closing the server', () => {
  test('ends streams and idle connections at once', async () => {
    const stream = await openStream(await http.signIn('lead'));
    await stream.next();
    const closed = http.server.close();
    await stream.ended();
    await inTime('the server closed', closed);
    expect(http.listeners.size).toBe(0);
  });

  test('lets an open request finish', async () => {
    const cookie = await http.signIn('1001');
    const { promise, resolve } = Promise.withResolvers<{ ok: true }>();
    http.state.answer = () => promise;
    const answer = http.send('PUT', '/api/v1/agents/1001/state', { cookie, json: { state: 'available' } });
    await until('the engine was asked', () => http.commands.length === 1);
    const closed = http.server.close();
    resolve({ ok: true });
    expect((await answer).status).toBe(200);
    await inTime('the server closed', closed);
  });

  test('cuts off what does not finish', async () => {
    const hasty = await startHttp({ limits: { closeMs: 50 } });
    const cookie = await hasty.signIn('1001');
    hasty.state.answer = () => new Promise(() => undefined);
    const answer = hasty
      .send('PUT', '/api/v1/agents/1001/state', { cookie, json: { state: 'available' } })
      .then(
        () => 'answered',
        () => 'cut off',
      );
    await until('the engine was asked', () => hasty.commands.length === 1);
    await inTime('the server closed', hasty.stop());
    expect(await answer).toBe('cut off');
  });
});
