import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fillTemplate } from '../../infra/parts/template.ts';
import { promtool } from '../support/promtool.ts';

const repoDir = join(import.meta.dirname, '..', '..');
const rulesDir = join(repoDir, 'infra', 'prometheus');
const rules = join(rulesDir, 'hotline.rules.yml');
const unitTests = join(import.meta.dirname, 'prometheus', 'hotline.rules.test.yml');
const scratch = mkdtempSync(join(tmpdir(), 'hotline-rules-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('Prometheus takes the rules', async () => {
  expect(await promtool(['check', 'rules', '--lint=all', '--lint-fatal', rules])).toMatchObject({ code: 0 });
});

test('the rules compute and alert as their unit tests say', async () => {
  const result = await promtool(['test', 'rules', unitTests]);
  expect(result.output).toContain('SUCCESS');
  expect(result.code).toBe(0);
});

test('the unit tests notice a rule that is wrong', async () => {
  const broken = readFileSync(rules, 'utf8').replace('abandoned_total{short="false"}', 'abandoned_total');
  writeFileSync(join(scratch, 'hotline.rules.yml'), broken);
  const moved = readFileSync(unitTests, 'utf8').replace(/\S*hotline\.rules\.yml/, 'hotline.rules.yml');
  writeFileSync(join(scratch, 'hotline.rules.test.yml'), moved);
  const result = await promtool(['test', 'rules', join(scratch, 'hotline.rules.test.yml')]);
  expect(result.code).not.toBe(0);
  expect(result.output).toContain('hotline_service_level');
});

test('every alert has a unit test', () => {
  const alerts = [...readFileSync(rules, 'utf8').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const tested = readFileSync(unitTests, 'utf8');
  expect(alerts.filter((name) => !tested.includes(`alertname: ${name}`))).toEqual([]);
});

test('Prometheus takes the rendered configuration, with the rules found', async () => {
  for (const file of readdirSync(rulesDir)) cpSync(join(rulesDir, file), join(scratch, file));
  const values = { controllerTarget: '127.0.0.1:8080', rulesFiles: join(scratch, '*.rules.yml') };
  const template = readFileSync(join(rulesDir, 'prometheus.yml'), 'utf8');
  writeFileSync(join(scratch, 'rendered.yml'), fillTemplate(template, values, 'prometheus.yml'));
  const result = await promtool(['check', 'config', join(scratch, 'rendered.yml')]);
  expect(result.output).toContain('1 rule files found');
  expect(result.code).toBe(0);
});
