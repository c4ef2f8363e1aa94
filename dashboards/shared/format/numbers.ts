/** What stands where there is no number yet: nobody offered, nothing to divide by. */
export const noValue = '–';

const wholeFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Counts: `1,204`. */
export const whole = (value: number): string => wholeFormat.format(value);

/** A ratio 0…1 as percent with one decimal, `92.4%`; rounded half up as reports do. 100.0 is shown as `100%`. */
export function percent(ratio: number | null): string {
  if (ratio === null) return noValue;
  // Adding a trifle undoes binary fractions such as 0.0125 * 1000 = 12.499999…
  const tenths = Math.floor(ratio * 1000 + 0.5 + 1e-9);
  return tenths === 1000 ? '100%' : `${Math.floor(tenths / 10)}.${tenths % 10}%`;
}
