/** What carriers write where a number is withheld. */
const withheld = /^(anonymous|unknown|unavailable|restricted|private|withheld)$/i;

/**
 * A caller's number as it is kept: as it is dialled within mainland China, whichever way the carrier writes it, so that one customer is one
 * number to lookups, to callbacks and to whoever looks for their calls.
 *
 * - a mobile number: `+86 138-0013-8000`, `008613800138000`, `8613800138000` and `013800138000` are `13800138000`
 * - a fixed line with its area code: `+861012345678` is `01012345678`
 * - any other number: as it came, without what RFC 3966 lets stand between digits
 * - a SIP name: as it came; withheld: ''
 */
export function callerNumberOf(said: string): string {
  if (withheld.test(said)) return '';
  const number = said.replace(/[\s().-]/g, '');
  if (!/^\+?\d+$/.test(number)) return said;
  const mobile = /^(?:\+86|0086|86|0)(1[3-9]\d{9})$/.exec(number)?.[1];
  if (mobile !== undefined) return mobile;
  const fixed = /^(?:\+86|0086)((?:10|2\d)\d{8}|(?!400|800)[3-9]\d{9,10})$/.exec(number)?.[1];
  return fixed === undefined ? number : `0${fixed}`;
}
