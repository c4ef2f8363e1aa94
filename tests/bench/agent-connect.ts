import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { SipPhone } from '../support/sip-phone.ts';
import { numberOf } from './bench-centre.ts';
import { watchCpu } from './cpu-use.ts';
import type { Benchmark, Figure } from './figure.ts';
import type { HotlineUnderLoad } from './hotline-under-load.ts';
import { quantileOfHistogram } from './prometheus-histogram.ts';
import { quantile, rounded, spread } from './statistics.ts';
import { robotAgents, sendCalls } from './traffic.ts';

const budgetMs = 20;
/** 18 agents for 2 s each serve 9 calls/s; 10 arrive, so that whoever becomes free finds someone waiting. */
const agentCount = 18;
const answerAfterMs = 300;
const talkMs = 1_100;

/**
 * From the moment an agent becomes free while callers wait (the engine's own event) to the INVITE at the phone's socket,
 * at 10 calls a second; and the same by the controller's own histogram, which ends when Asterisk has taken the order.
 */
export const agentConnect: Benchmark = async ({ quick, hotline: shared, say }) => {
  const hotline = await shared();
  const calls = quick ? 100 : 600;
  const robots = await robotAgents(hotline, hotline.agents.slice(0, agentCount), { answerAfterMs, talkMs });
  // Our phones tell the time of the INVITE: what delays them is in the figure and must be seen beside it.
  const ourDelay = monitorEventLoopDelay({ resolution: 1 });
  const since = new Date();
  try {
    const before = await hotline.metrics();
    const cpuUse = watchCpu(hotline.home);
    ourDelay.enable();
    const { ok, failed, seconds } = await sendCalls(hotline, {
      dials: numberOf.withWrapUp,
      keyAfterMs: 500,
      keyAgainAfterMs: 60_000,
      leaveInMenu: 0,
      calls,
      ratePerSecond: 10,
      openAtMost: calls,
      withinMs: 180_000,
    });
    ourDelay.disable();
    const cpu = cpuUse();
    await hotline.settled(60_000);
    say(`${ok} calls went well, ${failed} did not, in ${seconds.toFixed(0)} s`);
    if (robots.problems.length > 0) say(`agents' phones: ${robots.problems.slice(0, 3).join('; ')}`);
    const took = await freeToInvite(hotline, robots.phones, since);
    const after = await hotline.metrics();
    const histogram = quantileOfHistogram(before, after, 'hotline_agent_connect_seconds');
    const request = (operation: string) =>
      quantileOfHistogram(before, after, 'hotline_ari_request_seconds', { operation })(0.99) * 1_000;
    const figures: Figure[] = [
      {
        what: 'free agent → INVITE at the phone, 10 calls/s, p99',
        unit: 'ms',
        value: rounded(quantile(took, 0.99)),
        budget: { atMost: budgetMs },
        detail: { ...spread(took), ok, failed, ourEventLoopP99Ms: rounded(ourDelay.percentile(99) / 1e6) },
      },
      {
        what: "free agent → INVITE sent, the controller's own histogram, p99 is at most",
        unit: 'ms',
        value: rounded(histogram(0.99) * 1_000),
        budget: { atMost: budgetMs },
        detail: {
          p50AtMostMs: rounded(histogram(0.5) * 1_000),
          createP99AtMostMs: rounded(request('channels.create')),
          dialP99AtMostMs: rounded(request('channels.dial')),
          ...cpu,
        },
      },
    ];
    return figures;
  } finally {
    await robots.stop();
  }
};

type Row = { agent: string; type: string; at: Date; state: string | null };

/** Milliseconds of every ring whose agent became free in the same step of the engine: a caller was waiting. */
async function freeToInvite(
  hotline: HotlineUnderLoad,
  phones: readonly SipPhone[],
  since: Date,
): Promise<number[]> {
  const rows = await hotline.query<Row>(
    `select agent, type, at, payload ->> 'state' as state from call_event
      where at >= $1 and type in ('AgentStateChanged', 'AgentRingRequested') and agent is not null
      order by at, event_id`,
    [since],
  );
  const freeAt = new Set(
    rows.filter((row) => row.state === 'available').map((row) => `${row.agent} ${row.at.getTime()}`),
  );
  const rings = rows.filter(
    (row) => row.type === 'AgentRingRequested' && freeAt.has(`${row.agent} ${row.at.getTime()}`),
  );
  const heard = new Map(
    phones.map((phone) => [phone.user, phone.log.filter(({ what }) => what === 'rings').map(({ at }) => at)]),
  );
  return rings.flatMap(({ agent, at }) => {
    const invite = heard.get(agent)?.find((rang) => rang >= at.getTime());
    return invite === undefined ? [] : [invite - at.getTime()];
  });
}
