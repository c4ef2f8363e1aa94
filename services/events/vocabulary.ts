/** The closed sets of words that events, records, metrics and screens share. One meaning per word. */

/** Who sent the INVITE: a carrier, an agent's phone, or the account for trying the hotline; `callback`: we did, as promised. */
export type CallSource = 'trunk' | 'agent' | 'caller' | 'callback';

export const callOutcomes = [
  'answered', // an agent spoke with the caller
  'abandoned_in_ivr', // the caller left before joining a queue, and before being served
  'abandoned_in_queue', // the caller left while waiting, the agent's ringing included
  'self_served', // the caller got what the menu offers without an agent
  'voicemail',
  'callback_requested',
  'closed', // out of hours
  'blocked',
  'failed', // we could not serve: unknown number, no capacity, a lost part
] as const;
export type CallOutcome = (typeof callOutcomes)[number];

export type ReleaseParty = 'caller' | 'agent' | 'system';

export type VisitOutcome = 'answered' | 'abandoned' | 'flow_out';
export type FlowOutReason =
  | 'max-wait'
  | 'queue-full'
  | 'closed' // outside the queue's opening hours
  | 'overflow' // a step of the queue's overflow sent the caller elsewhere
  | 'no-agent-signed-in'
  | 'service-lost'
  | 'caller-chose'; // by a key, for what the flow offers to those who wait

/** The reason for passing on of an agent who pressed the phone's transfer key, which asks for none. */
export const byTransferKey = 'transfer-key';

/** How an attempt to reach one agent ended. */
export type RingResult =
  | 'answered'
  | 'no-answer' // rang for the whole ring time
  | 'declined' // the phone refused (486, 603)
  | 'unreachable' // the phone could not be reached at all, or was in use
  | 'caller-left' // the caller hung up first; we cancelled the ringing
  | 'answered-elsewhere' // of several phones that rang at once another was answered first
  | 'failed'; // our own or Asterisk's failure

/**
 * Why an agent's phone rings although no queue's turn has come: a caller is passed on to this agent, or comes back as whom they were
 * passed on to did not answer; a colleague asks for advice.
 */
export type DirectRing = 'passed-on' | 'returned' | 'consulted';

/** Why a leg ended, as far as the other side or the network said. */
export type LegEndReason =
  | 'normal'
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'unreachable'
  | 'cancelled'
  | 'media-lost'
  | 'failed';

/**
 * signed-out ⇄ not-ready ⇄ available → ringing → on-call ⇄ on-hold → wrapping-up → available | not-ready
 *                          unreachable: wants calls, but no phone of theirs can be reached
 */
export const agentStates = [
  'signed-out',
  'not-ready',
  'available',
  'unreachable',
  'ringing',
  'on-call',
  'on-hold',
  'wrapping-up',
] as const;
export type AgentStateName = (typeof agentStates)[number];

export const notReadyReasons = [
  'break',
  'meal',
  'training',
  'coaching',
  'meeting',
  'back-office',
  'other',
  'ring-no-answer', // set by the system after missed rings
  'declined', // set by the system after refused rings
  'phone-silent', // set by the system: the phone was answered, and never heard
] as const;
export type NotReadyReason = (typeof notReadyReasons)[number];
/** The reasons a person may choose; the others are the system's own. */
export const chosenNotReadyReasons = notReadyReasons.filter(
  (r) => r !== 'ring-no-answer' && r !== 'declined' && r !== 'phone-silent',
);

/** Why a caller is put on hold, as they are told (HLD-01). */
export const holdReasons = [
  'checking', // something is looked up
  'colleague', // somebody is asked
  'system', // a system is slow
  'other',
] as const;
export type HoldReason = (typeof holdReasons)[number];

/** Why a person has to see to something. */
export const taskKinds = [
  'voicemail', // a caller spoke to the recorder
  'dissatisfied', // a caller gave the contact a low score
  'callback-failed', // the caller was not reached, however often it was tried
  'dropped-call', // a conversation broke off
  'transfer-failed', // the caller was to be passed on, and was gone before anybody answered
] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Which of an agent's phones: a SIP phone of any make, or the browser. */
export type Device = 'sip' | 'web';

export type Language = 'zh-CN' | 'en';

/** Where a call is, for boards and for `hotline_calls_active`. */
export const callStages = ['arriving', 'ivr', 'waiting', 'ringing', 'talking', 'closing'] as const;
export type CallStage = (typeof callStages)[number];
