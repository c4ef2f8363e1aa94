import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ariTypes, generatedFile } from '../../infra/generate/ari-types.ts';
import { ensureTools } from '../../infra/tools/tools.ts';

it("the types for ARI are those of the installed Asterisk's own description", async () => {
  const { asteriskRestApiDir } = await ensureTools(['run'], () => undefined);
  const fresh = ariTypes(asteriskRestApiDir);
  expect(readFileSync(generatedFile, 'utf8'), 'run: node infra/generate/ari-types.ts <rest-api>').toBe(fresh);
});
