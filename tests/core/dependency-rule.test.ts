import { describe, expect, test } from 'vitest';
import { problemsIn } from '../../infra/checks/dependencies.ts';

describe('the dependency rule', () => {
  test('the core may not look up to runtime or adapters', () => {
    const problems = problemsIn('services/calls/x.ts', "import { y } from '../runtime/engine.ts';\n");
    expect(problems[0]).toContain('services/calls/x.ts:1: imports services/runtime/engine.ts');
  });

  test('the core takes no clock, random source, environment, timer or Node module', () => {
    const text = [
      "import { join } from 'node:path';",
      'const now = Date.now();',
      'const id = Math.random();',
      'const home = process.env.HOME;',
      'setTimeout(f, 5);',
    ].join('\n');
    const lines = problemsIn('services/routing/x.ts', text).map((problem) => Number(problem.split(':')[1]));
    expect(lines).toEqual([1, 2, 5, 3, 4]);
  });

  test('a comment breaks no rule, and a date made from a given number is pure', () => {
    const text =
      "// Date.now() is for runtime/\n/* import x from '../runtime/y.ts' */\nconst d = new Date(at);\n";
    expect(problemsIn('services/kpi/x.ts', text)).toEqual([]);
  });

  test('an adapter sees ports and core, never another adapter', () => {
    const ok =
      "import type { P } from '../../runtime/port.ts';\nimport { q } from '../../../db/schema.ts';\n";
    expect(problemsIn('services/adapters/postgres/x.ts', ok)).toEqual([]);
    expect(problemsIn('services/adapters/http/x.ts', "import { q } from '../postgres/q.ts';")).toHaveLength(
      1,
    );
  });

  test('the screens see event types and HTTP contracts only', () => {
    const from = (path: string) => problemsIn('dashboards/board/x.tsx', `import type { A } from '${path}';`);
    expect(from('../../services/adapters/http/contract/live.ts')).toEqual([]);
    expect(from('../../services/events/ids.ts')).toEqual([]);
    expect(from('../../services/adapters/http/routes/live.ts')).toHaveLength(1);
    expect(from('../../services/calls/call.ts')).toHaveLength(1);
  });

  test('multi-line, re-exporting, side-effect and dynamic imports are seen', () => {
    const text = [
      "import {\n  a,\n  b,\n} from '../adapters/a.ts';",
      "export * from '../adapters/b.ts';",
      "import '../adapters/c.ts';",
      "const d = await import('../adapters/d.ts');",
    ].join('\n');
    expect(problemsIn('services/runtime/x.ts', text)).toHaveLength(4);
  });
});
