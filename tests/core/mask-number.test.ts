import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskDialled, maskNumber, maskNumbersIn } from '../../services/adapters/http/mask-number.ts';

describe('a caller number is shown masked', () => {
  test.each([
    ['13812341234', '138****1234'],
    ['+8613812341234', '+86138****1234'],
    ['008613812341234', '0086138****1234'],
    ['8613812341234', '86138****1234'],
    ['013812341234', '0138****1234'],
    ['138 1234 1234', '138****1234'],
    ['01012345678', '010******78'],
    ['02187654321', '021******21'],
    ['053112345678', '0531******78'],
    ['05311234567', '0531*****67'],
    ['010-12345678', '010******78'],
    ['12345678', '******78'],
    ['4008123123', '********23'],
    ['+12125550123', '+12*******23'],
    ['0012125550123', '0012*******23'],
    ['95598', '95598'],
    ['1001', '1001'],
    ['*11', '*11'],
    ['', ''],
    ['alice', 'a***'],
    ['张三', '张***'],
    ['anonymous', 'a***'],
    ['sip:13812341234@10.0.0.1', 's***'],
  ])('%s is shown as %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });

  test('at least three digits of any longer number are hidden, whatever its form', () => {
    const number = fc.stringMatching(/^(\+|00|0)?[0-9]{7,18}$/);
    fc.assert(
      fc.property(number, (text) => {
        const masked = maskNumber(text);
        expect(masked).not.toBe(text);
        expect((masked.match(/\*/g) ?? []).length).toBeGreaterThanOrEqual(3);
        expect(masked.replace(/\*/g, '').length).toBeLessThan(text.length);
      }),
    );
  });

  test('masking a masked number changes nothing that matters', () => {
    expect(maskNumber(maskNumber('13812341234'))).not.toContain('12341234');
  });
});

test('our own numbers stay readable, other dialled numbers do not', () => {
  const own = new Set(['95598', '4008095598']);
  expect(maskDialled('4008095598', own)).toBe('4008095598');
  expect(maskDialled('13812341234', own)).toBe('138****1234');
});

test('numbers are masked wherever they stand in a timeline', () => {
  const event = {
    type: 'OrderFailed',
    callerNumber: '13812341234',
    dialledNumber: '95598',
    target: 'PJSIP/13812341234@trunk',
    nested: [{ callerNumber: '01012345678', seq: 3, gone: null }],
    // To whom a caller is put through, or is to be called back at.
    number: '13900001234',
  };
  expect(maskNumbersIn(event, '13812341234', new Set(['95598']))).toEqual({
    type: 'OrderFailed',
    callerNumber: '138****1234',
    dialledNumber: '95598',
    target: 'PJSIP/138****1234@trunk',
    nested: [{ callerNumber: '010******78', seq: 3, gone: null }],
    number: '139****1234',
  });
});

test('what a caller keyed in is masked: the whole entry, and digit by digit', () => {
  const timeline = [
    { type: 'DigitPressed', digit: '2', result: 'accepted' },
    { type: 'DigitPressed', digit: '7', result: 'accepted', entry: '1397' },
    {
      type: 'FlowValuesSet',
      values: { account: '1234567890', balance: '128.50', due: '2026-03-02', ways: '12' },
    },
    { type: 'LookupRequested', lookup: 'bill', parameters: { caller: '13812341234' } },
    { type: 'CallbackRequested', number: '13900139000' },
  ];
  expect(maskNumbersIn(timeline, '', new Set())).toEqual([
    { type: 'DigitPressed', digit: '2', result: 'accepted' },
    { type: 'DigitPressed', digit: '*', result: 'accepted', entry: '****' },
    {
      type: 'FlowValuesSet',
      values: { account: '********90', balance: '128.50', due: '2026-03-02', ways: '12' },
    },
    { type: 'LookupRequested', lookup: 'bill', parameters: { caller: '138****1234' } },
    { type: 'CallbackRequested', number: '139****9000' },
  ]);
});

describe("numbers that are not the caller's", () => {
  const own = new Set(['95598']);
  test('whom an agent calls is masked in what the agent was doing, and in why it went wrong', () => {
    const timeline = [
      { type: 'CallArrived', callerNumber: '1001', dialledNumber: '13912345678' },
      { type: 'AgentStateChanged', agent: '1001', because: 'calls 13912345678' },
      { type: 'CallClosing', because: 'nothing answers to 13912345678' },
    ];
    const text = JSON.stringify(maskNumbersIn(timeline, '1001', own));
    expect(text).not.toContain('13912345678');
    expect(text).toContain('"calls 139****5678"');
  });

  test('an order that failed does not tell whom it was to call; a leg stays readable', () => {
    const events = [
      { type: 'OrderFailed', order: 'dial-out', target: '13912345678' },
      { type: 'OrderFailed', order: 'play', target: 'n1-1763798400.17' },
    ];
    expect(maskNumbersIn(events, '13812341234', own)).toMatchObject([
      { target: '139****5678' },
      { target: 'n1-1763798400.17' },
    ]);
  });

  test('a number is found as it is dialled within the country, too; our own stay', () => {
    const call = { callerNumber: '+8613812341234', dialledNumber: '95598', reason: '13812341234 rang 95598' };
    expect(maskNumbersIn(call, call.callerNumber, own).reason).toBe('138****1234 rang 95598');
  });
});
