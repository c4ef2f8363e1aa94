export type { AgentDefinition, Centre, Hotline, QueueDefinition, StaffUser } from '../calls/centre.ts';
