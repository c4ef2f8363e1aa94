import type { Fraction } from './kpi.ts';

/**
 * How other houses compute a service level of the same visits. Not shown on the board: they are there to compare our
 * numbers with another centre's, or with a contract that names one of them, and to test our reading of the sources.
 */
export type ServiceLevelCounts = {
  answered: number;
  answeredInThreshold: number;
  /** All abandonments; those within T; and those before the short limit. */
  abandoned: number;
  abandonedInThreshold: number;
  shortAbandoned: number;
  /** All visits that left by the flow (overflow, callback, voicemail); and those within T. */
  flowOut: number;
  flowOutInThreshold: number;
};

export type ServiceLevelVariant = {
  readonly id: string;
  /** Where the definition comes from. */
  readonly source: string;
  readonly text: string;
  readonly fraction: (counts: ServiceLevelCounts) => Fraction;
};

/** Abandonments count for nothing when they come within T, and against us after it. */
export const ciscoIgnore: ServiceLevelVariant = {
  id: 'cisco-ignore',
  source: 'Cisco ICM reporting guide 7.2',
  text: 'Answered within T ÷ (answered + abandoned − abandoned within T)',
  fraction: (c) => ({
    numerator: c.answeredInThreshold,
    denominator: c.answered + c.abandoned - c.abandonedInThreshold,
  }),
};

/** Every abandonment counts against us. */
export const ciscoNegative: ServiceLevelVariant = {
  id: 'cisco-negative',
  source: 'Cisco ICM reporting guide 7.2',
  text: 'Answered within T ÷ (answered + abandoned)',
  fraction: (c) => ({ numerator: c.answeredInThreshold, denominator: c.answered + c.abandoned }),
};

/** An abandonment within T counts as served. */
export const ciscoPositive: ServiceLevelVariant = {
  id: 'cisco-positive',
  source: 'Cisco ICM reporting guide 7.2',
  text: '(Answered within T + abandoned within T) ÷ (answered + abandoned)',
  fraction: (c) => ({
    numerator: c.answeredInThreshold + c.abandonedInThreshold,
    denominator: c.answered + c.abandoned,
  }),
};

/** Whatever takes a visit out of the queue within T counts as served. */
export const awsConnect: ServiceLevelVariant = {
  id: 'aws-connect',
  source: 'Amazon Connect administrator guide',
  text: 'Removed from the queue within T for any reason ÷ removed from the queue',
  fraction: (c) => ({
    numerator: c.answeredInThreshold + c.abandonedInThreshold + c.flowOutInThreshold,
    denominator: c.answered + c.abandoned + c.flowOut,
  }),
};

/** Only answered visits are looked at. */
export const answeredOnly: ServiceLevelVariant = {
  id: 'answered-only',
  source: 'Call Centre Helper',
  text: 'Answered within T ÷ answered',
  fraction: (c) => ({ numerator: c.answeredInThreshold, denominator: c.answered }),
};

export type GenesysSwitches = { includeShortAbandons: boolean; includeFlowOuts: boolean };

/** Genesys Cloud with its two switches. Ours is the one with both off. */
export const genesys = (switches: GenesysSwitches): ServiceLevelVariant => ({
  id: `genesys${switches.includeShortAbandons ? '+short' : ''}${switches.includeFlowOuts ? '+flow-out' : ''}`,
  source: 'Genesys Cloud: configure the service level calculation',
  text: `Answered within T ÷ (answered + abandoned${switches.includeShortAbandons ? '' : ' − short abandoned'}${switches.includeFlowOuts ? ' + flowed out' : ''})`,
  fraction: (c) => ({
    numerator: c.answeredInThreshold,
    denominator:
      c.answered +
      c.abandoned -
      (switches.includeShortAbandons ? 0 : c.shortAbandoned) +
      (switches.includeFlowOuts ? c.flowOut : 0),
  }),
});
