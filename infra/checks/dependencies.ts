import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/**
 * The rule that keeps the core pure (see "Dependencies" in the architecture):
 * `events ← ivr·queueing·routing·agents·calls·cdr·kpi·workforce ← runtime ← adapters ← composition, main`; an adapter never imports another;
 * the screens know event types and HTTP contracts only; nothing that serves calls imports tools or tests.
 */
const CORE = ['ivr', 'queueing', 'routing', 'agents', 'calls', 'cdr', 'kpi', 'workforce'];
const CORE_PATHS = CORE.map((area) => `services/${area}/`);
const RUNTIME_SEES = ['services/events/', ...CORE_PATHS, 'services/runtime/'];
const CONTRACTS = 'services/adapters/http/contract/';

type Area = {
  /** What this area may import from the project, by the beginning of the path. */
  sees: readonly string[];
  /** No clock, random source, environment, I/O or Node module: everything is passed in. */
  pure: boolean;
};

/** The area a file belongs to; null where everything is allowed. */
export function areaOf(file: string): Area | null {
  const [top = '', second = '', third = ''] = file.split('/');
  if (top === 'dashboards') {
    if (second === 'grafana') return null; // generates files at development time; no screen imports it
    return { sees: ['dashboards/', 'services/events/', CONTRACTS], pure: false };
  }
  if (top === 'db') return { sees: ['db/', 'services/events/', ...CORE_PATHS], pure: false };
  if (top !== 'services') return null;
  if (second === 'main.ts' || second === 'composition') return { sees: ['services/', 'db/'], pure: false };
  if (/^config.*\.ts$/.test(second)) return { sees: ['services/config'], pure: false };
  if (second === 'events') return { sees: ['services/events/'], pure: true };
  // the simulator is a command of its own, beside the pure code it runs
  if (second === 'workforce' && third === 'cli.ts') return null;
  if (CORE.includes(second)) return { sees: ['services/events/', ...CORE_PATHS], pure: true };
  if (second === 'runtime') return { sees: RUNTIME_SEES, pure: false };
  if (file.startsWith(CONTRACTS)) return { sees: ['services/events/', ...CORE_PATHS, CONTRACTS], pure: true };
  if (second === 'adapters')
    return { sees: [...RUNTIME_SEES, `services/adapters/${third}/`, 'db/'], pure: false };
  return { sees: [], pure: true };
}

/** What pure code must be given instead of taking it: the pattern, and how it is called in a message. */
const IMPURE: readonly [RegExp, string][] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\)/, 'the clock'],
  [/\bperformance\.|\bprocess\.hrtime/, 'the clock'],
  [/\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/, 'timers'],
  [/\bMath\.random\b|\bcrypto\.|\brandomUUID\b/, 'a random source'],
  [/\bprocess\./, 'the process or its environment'],
  [/\bconsole\.|\bfetch\(/, 'I/O'],
];

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

/** One line per broken rule: file, line, what and why. */
export function dependencyProblems(repoDir: string): string[] {
  const files = ['services', 'db', 'dashboards'].flatMap((top) => sourceFiles(repoDir, top));
  return files.flatMap((file) => problemsIn(file, readFileSync(join(repoDir, file), 'utf8')));
}

/** The problems of one file, given its path in the project and its text. Pure. */
export function problemsIn(file: string, text: string): string[] {
  const area = areaOf(file);
  if (!area) return [];
  const code = withoutComments(text);
  const at = (index: number) => `${file}:${code.slice(0, index).split('\n').length}`;
  const problems: string[] = [];
  for (const match of code.matchAll(IMPORT)) {
    const wanted = match[1] ?? match[2] ?? match[3] ?? '';
    const problem = importProblem(file, wanted, area);
    if (problem) problems.push(`${at(match.index + match[0].length - 1)}: ${problem}`);
  }
  if (!area.pure) return problems;
  for (const [pattern, what] of IMPURE) {
    const index = code.search(pattern);
    if (index >= 0)
      problems.push(`${at(index)}: uses ${what}: pass it in, or move this to runtime/ or adapters/`);
  }
  return problems;
}

function importProblem(file: string, wanted: string, area: Area): string | null {
  if (wanted.startsWith('node:')) {
    const screens = file.startsWith('dashboards/') && !file.endsWith('vite.config.ts');
    return area.pure || screens
      ? `imports ${wanted}: only runtime/, adapters/, composition/, config.ts and main.ts may`
      : null;
  }
  if (!wanted.startsWith('.')) return null;
  const target = normalize(join(dirname(file), wanted));
  if (area.sees.some((prefix) => target.startsWith(prefix))) return null;
  return `imports ${target}: this part of the project may see only ${area.sees.join(' ') || 'nothing'}`;
}

/** Comments become blanks, so that line numbers stay right. Strings that contain comment signs do not occur before imports. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(
      /(^|[^:'"`])\/\/.*$/gm,
      (comment, before: string) => before + ' '.repeat(comment.length - before.length),
    );
}

function sourceFiles(repoDir: string, top: string): string[] {
  return readdirSync(join(repoDir, top), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(repoDir, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('/dist/'))
    .sort();
}
