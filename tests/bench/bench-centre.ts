import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

/** Two queues with as many agents as a load needs: one with a short wrap-up, one with none. */
export const queues = { withWrapUp: 'power-service', withoutWrapUp: 'telecom-service' } as const;
export const numberOf = { withWrapUp: '95598', withoutWrapUp: '10050' } as const;

/** Writes the definition of a centre for load: nobody is turned away, and no missed ring takes an agent out. @returns its agents */
export function writeBenchCentre(file: string, agentCount: number): string[] {
  const agents = Array.from({ length: agentCount }, (_, i) => String(1_001 + i));
  const name = (text: string) => ({ 'zh-CN': text, en: text });
  const hotline = (number: string) => ({
    name: name(number),
    numbers: [number],
    flow: number,
    language: 'zh-CN',
  });
  const centre = {
    hotlines: {
      [numberOf.withWrapUp]: hotline(numberOf.withWrapUp),
      [numberOf.withoutWrapUp]: hotline(numberOf.withoutWrapUp),
    },
    queueDefaults: {
      ringTimeoutSeconds: 20,
      wrapUpSeconds: 0,
      maxWaitSeconds: 3_600,
      maxWaiting: 10_000,
      maxMissedRings: 1_000,
      serviceLevelThresholdSeconds: 15,
      shortAbandonSeconds: 5,
    },
    queues: {
      [queues.withWrapUp]: { name: name('with wrap-up'), wrapUpSeconds: 0.5 },
      [queues.withoutWrapUp]: { name: name('without wrap-up') },
    },
    agents: Object.fromEntries(
      agents.map((agent) => [agent, { name: `Agent ${agent}`, queues: Object.values(queues) }]),
    ),
    users: { lead: { name: 'Lead', role: 'lead' }, admin: { name: 'Administrator', role: 'admin' } },
  };
  writeFileSync(file, stringify(centre));
  return agents;
}
