import type { FlowId } from '../../services/events/ids.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { flowsOf } from './read-flows.ts';
import { smallFlows } from './small-flows.ts';

/** A hotline's flow with a node of every kind, said in prompts that exist. */
export const everyKind = `
flow: "95598"
version: 1
language: zh-CN
start: open
person: person-notice
agentLost: agent-lost
afterAgent: survey
nodes:
  open:
    kind: branch
    when:
      - { if: { switch: emergency-closed }, next: closed }
      - { if: { value: caller, is: "13800000666" }, next: refused }
    otherwise: welcome
  closed: { kind: hang-up, prompts: [queue-full-or-timeout], outcome: closed }
  refused: { kind: hang-up, outcome: blocked }
  welcome: { kind: announce, prompts: [welcome-95598], next: main-menu }
  main-menu:
    kind: menu
    prompts: [menu-95598]
    keys: { "1": service-info, "2": ask-account, "3": english, "4": must-hear, "5": other-flow, "6": leave-message, "7": outside, "8": call-me }
    listenSeconds: 4
  service-info: { kind: announce, prompts: [service-info-95598], serves: true, next: main-menu }
  ask-account:
    kind: collect
    prompts: [no-input]
    into: account
    minDigits: 4
    maxDigits: 10
    check: "[1-9]\\\\d*"
    invalidEntry: [invalid-key]
    listenSeconds: 4
    betweenSeconds: 2
    next: find-bill
  find-bill:
    kind: lookup
    prompts: [queue-enter]
    lookup: bill
    with: { account: account, caller: caller }
    onFound: say-bill
    onNotFound: ask-account
    onFailure: person
  say-bill: { kind: say, prompts: [service-info-95598, { amount: balance }], serves: true, next: after-bill }
  after-bill: { kind: menu, prompts: [menu-95598], keys: { "1": main-menu } }
  english: { kind: set, set: { language: en, choice: english }, next: main-menu }
  must-hear: { kind: announce, prompts: [service-info-95598], bargeIn: false, next: main-menu }
  other-flow: { kind: goto, flow: other }
  leave-message: { kind: voicemail, prompts: [agent-lost], queue: power-service, next: goodbye, onFailure: main-menu }
  outside: { kind: transfer, prompts: [queue-enter], to: "0755110", onFailure: main-menu }
  call-me: { kind: offer-callback, prompts: [goodbye], queue: power-service, next: goodbye, onFailure: main-menu }
  person-notice: { kind: announce, prompts: [queue-enter], bargeIn: false, next: person }
  person:
    kind: enqueue
    queue: power-service
    whileWaiting: { afterSeconds: 20, everySeconds: 30 }
    keys: { "1": call-me, "2": main-menu }
    onTimeout: sorry
    onFull: sorry
  agent-lost: { kind: enqueue, prompts: [agent-lost], queue: power-service, priority: 10, onTimeout: sorry, onFull: sorry }
  survey:
    kind: survey
    prompts: [menu-95598]
    scores: { "1": 5, "2": 4, "3": 3, "4": 2, "5": 1 }
    listenSeconds: 4
    maxAttempts: 2
    next: goodbye
    onFailure: goodbye
  sorry: { kind: announce, prompts: [queue-full-or-timeout], next: goodbye }
  goodbye: { kind: hang-up, prompts: [goodbye] }
`;

/** Another flow that the first leads to. */
export const otherFlow = `
flow: other
version: 7
language: zh-CN
start: other-menu
person: other-person
agentLost: other-person
nodes:
  other-menu: { kind: menu, prompts: [menu-10050], keys: { "1": other-info, "2": home } }
  other-info: { kind: announce, prompts: [service-info-10050], serves: true, next: other-menu }
  home: { kind: goto, flow: "95598", node: main-menu }
  other-person: { kind: enqueue, queue: telecom-service, onTimeout: bye, onFull: bye }
  bye: { kind: hang-up, prompts: [goodbye] }
`;

/** The flows above, and a small one for the other hotline. */
export const everyKindFlows = (): ReadonlyMap<FlowId, Flow> =>
  new Map([...smallFlows, ...flowsOf(everyKind, otherFlow)]);
