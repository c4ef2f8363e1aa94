import { expect, test } from 'vitest';
import { loadCalendar } from '../../services/runtime/calendar-file.ts';
import { parseCentre, readText } from '../../services/runtime/centre-file.ts';
import { surroundingsOf } from '../../services/runtime/flow-files.ts';
import { loadLookups } from '../../services/runtime/lookups-file.ts';

/** The demo's centre after an edit, with what is beside it. */
function around(from: string, to: string) {
  const text = readText('dialplans/centre.yaml');
  expect(text).toContain(from);
  return surroundingsOf({
    centre: parseCentre(text.replace(from, to), '/srv/our-centre.yaml'),
    centreFile: '/srv/our-centre.yaml',
    calendar: loadCalendar('dialplans/calendar.yaml'),
    lookups: loadLookups('dialplans/lookups.yaml'),
    prompts: { 'zh-CN': new Map(), en: new Map() },
  });
}

test('a flow may ask for the skills that agents have, and for no others', () => {
  const { skills } = around('name: 陈静,', 'name: 陈静, skills: [gas, meters],');
  expect([...skills].sort()).toEqual(['complaints', 'english', 'gas', 'meters']);
});

test('opening hours of a queue that the calendar does not have are refused before anything is taken over', () => {
  const name = 'name: { zh-CN: 供电人工服务, en: Electricity service }';
  expect(() => around(name, `${name}, hours: "office"`.replace(', hours', '\n    hours'))).toThrow(
    /^\/srv\/our-centre\.yaml: queues\.power-service\.hours: the calendar has no hours "office"; it has business-desk/,
  );
});

test('hours of callbacks that the calendar does not have are refused before anything is taken over', () => {
  const withHours = (hours: string) => () =>
    around('everySeconds: 300, hours: null', `everySeconds: 300, hours: ${hours}`);
  expect(withHours('business-desk')).not.toThrow();
  expect(withHours(String.raw`"a\0"`)).toThrow(/callbacks\.hours: letters, digits and - only/);
  expect(withHours('busines-desk')).toThrow(
    /queues\.power-service\.callbacks\.hours: the calendar has no hours "busines-desk"; it has business-desk/,
  );
});
