export type { Command, CommandResult } from '../agents/commands.ts';
