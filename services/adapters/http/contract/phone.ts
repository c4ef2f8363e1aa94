import { z } from 'zod';

/** GET /api/v1/agents/{agent}/phone: what the agent's own browser needs to be their telephone. */
export const browserPhoneSchema = z
  .object({
    account: z.string().meta({ description: 'SIP account and authentication name, for example `1001-web`.' }),
    password: z.string(),
    webSocketUrl: z.string().meta({
      description: 'Where SIP over WebSocket (RFC 7118) is taken; `wss:` when this page came over TLS.',
    }),
  })
  .meta({ id: 'BrowserPhoneAccount' });
export type BrowserPhoneAccount = z.infer<typeof browserPhoneSchema>;
