import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../dashboards/shared/locales/en.json' with { type: 'json' };
import zhCN from '../../dashboards/shared/locales/zh-CN.json' with { type: 'json' };
import { problemCodes } from '../../services/adapters/http/contract/problem.ts';
import { agentStates, callOutcomes, callStages, notReadyReasons } from '../../services/events/vocabulary.ts';
import { kpiFormulas } from '../../services/kpi/kpis-of.ts';

const dashboards = resolve(import.meta.dirname, '../../dashboards');
const chinese = leavesOf(zhCN);
const english = leavesOf(en);

describe('texts of the screens', () => {
  it('have the same keys in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });

  it('are never empty', () => {
    const empty = [...chinese, ...english].filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });

  it('name the same values in both languages', () => {
    const differing = [...chinese].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(english.get(key) ?? '').join(),
    );
    expect(differing).toEqual([]);
  });

  it('exist for every key the screens use', () => {
    const { whole, beginnings } = keysUsed();
    expect(whole.size).toBeGreaterThan(60);
    expect([...whole].filter((key) => !chinese.has(key))).toEqual([]);
    const without = [...beginnings].filter(
      (beginning) => ![...chinese.keys()].some((key) => key.startsWith(beginning)),
    );
    expect(without).toEqual([]);
  });

  it('are all used', () => {
    const { whole, beginnings } = keysUsed();
    const unused = [...chinese.keys()].filter(
      (key) => !whole.has(key) && ![...beginnings].some((beginning) => key.startsWith(beginning)),
    );
    expect(unused).toEqual([]);
  });

  it.each([
    ['state', agentStates],
    ['reason', notReadyReasons],
    ['outcome', callOutcomes],
    ['stage', callStages],
    ['problem', problemCodes],
  ] as const)('say every %s there is', (group, words) => {
    expect(words.filter((word) => !chinese.has(`${group}.${word}`))).toEqual([]);
  });

  it('name and define the KPIs as the formulas do', () => {
    const shown = kpiFormulas.filter(({ kpi }) => chinese.has(`kpi.${kpi}.name`));
    expect(shown.length).toBeGreaterThan(4);
    for (const { kpi, name, text } of shown) {
      expect(chinese.get(`kpi.${kpi}.name`)).toBe(name['zh-CN']);
      expect(english.get(`kpi.${kpi}.name`)).toBe(name.en);
      expect(chinese.get(`kpi.${kpi}.text`)).toBe(text['zh-CN']);
      expect(english.get(`kpi.${kpi}.text`)).toBe(text.en);
    }
  });
});

function leavesOf(node: object, path: string[] = []): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [name, value] of Object.entries(node)) {
    const here = [...path, name];
    if (typeof value === 'string') leaves.set(here.join('.'), value);
    else for (const [key, text] of leavesOf(value, here)) leaves.set(key, text);
  }
  return leaves;
}

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

/** Keys written out, and beginnings of keys that are put together, such as `state.` of `state.${state}`. */
function keysUsed(): { whole: Set<string>; beginnings: Set<string> } {
  const whole = new Set<string>();
  const beginnings = new Set<string>();
  for (const file of sourcesUnder(dashboards)) {
    const source = readFileSync(file, 'utf8');
    // Any quoted text that looks like a key of ours: keys are also kept in lists before they are shown.
    for (const [, text = ''] of source.matchAll(/['"]([a-zA-Z]+(?:\.[\w-]+)+|product)['"]/g)) {
      if (text === 'product' || isKey(text)) whole.add(text);
    }
    for (const [, text = ''] of source.matchAll(/`([a-zA-Z]+\.[\w.-]*)\$\{/g)) beginnings.add(text);
  }
  return { whole, beginnings };
}

const isKey = (text: string): boolean => (text.split('.', 1)[0] ?? '') in zhCN;

function sourcesUnder(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/grafana/') && !file.includes('/dist/'));
}
