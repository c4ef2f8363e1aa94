/**
 * Identities. Every id is a plain string at run time; the brand only stops one kind being passed for another.
 *
 * A caller's leg keeps the id Asterisk gave its channel (UNIQUEID, `<nodeId>-<epoch seconds>.<n>`, unique across
 * restarts of the node), and the call takes the same id: a call that was served while the controller was away has
 * the same name in Asterisk's own event log and in ours. All other ids are made by us before the request goes out,
 * so that an unanswered request can be recognised after a crash.
 */
type Brand<Name extends string> = string & { readonly __brand: Name };

export type NodeId = Brand<'NodeId'>;
export type CallId = Brand<'CallId'>;
export type LegId = Brand<'LegId'>;
export type BridgeId = Brand<'BridgeId'>;
export type PlaybackId = Brand<'PlaybackId'>;
export type VisitId = Brand<'VisitId'>;
export type AgentId = Brand<'AgentId'>;
export type QueueId = Brand<'QueueId'>;
export type HotlineId = Brand<'HotlineId'>;
export type SkillId = Brand<'SkillId'>;
export type FlowId = Brand<'FlowId'>;
export type NodeName = Brand<'NodeName'>;
export type PromptId = Brand<'PromptId'>;
export type LookupId = Brand<'LookupId'>;
export type RecordingId = Brand<'RecordingId'>;
export type CallbackId = Brand<'CallbackId'>;
export type TaskId = Brand<'TaskId'>;
export type EventId = Brand<'EventId'>;
export type TimerId = Brand<'TimerId'>;

/** Gives a plain string its kind. Use only at the edges, where text enters, and in tests. */
export function asId<T extends Brand<string>>(text: string): T {
  return text as T;
}
