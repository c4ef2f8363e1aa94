import { type DemoPerson, demoAreas } from './demo-people.ts';

const howMany = 120;
const surnames = '陈杨黄刘林何郭马罗梁宋郑谢韩唐冯于董萧程';
const plans = ['basic', 'family', 'unlimited', 'broadband'] as const;

/** More customers, made by rule, each with an account and a line; numbers follow on from those of demo-people.ts. */
export function demoCrowd(): DemoPerson[] {
  return Array.from({ length: howMany }, (_, i) => {
    const n = i + 100;
    const kwh = 60 + ((n * 37) % 420);
    const amount = (kwh * 0.5469).toFixed(2);
    const owes = n % 7 === 0;
    const phone = `138000${String(n).padStart(5, '0')}`;
    const fee = `${39 + (n % 4) * 40}.00`;
    return {
      phone,
      name: `${surnames[n % surnames.length]}演示${n}`,
      class: n % 25 === 0 ? 'vip' : 'ordinary',
      area: demoAreas[n % demoAreas.length]?.code ?? '250001',
      accounts: [
        {
          account: `3100000${String(n).padStart(3, '0')}`,
          balance: owes ? `-${amount}` : `${(n * 13) % 400}.${String((n * 7) % 100).padStart(2, '0')}`,
          kwh,
          amount,
          paid: !owes,
        },
      ],
      lines: [
        {
          line: phone,
          plan: plans[n % plans.length] ?? 'basic',
          dataLeftGb: (n * 3) % 60,
          balance: owes ? `-${fee}` : `${(n * 11) % 200}.00`,
          amount: fee,
          paid: !owes,
        },
      ],
    };
  });
}
