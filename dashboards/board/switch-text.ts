import type { TFunction } from 'i18next';
import type { SwitchRow } from '../../services/adapters/http/contract/switches.ts';
import { dateTime } from '../shared/format/time.ts';
import { serverNow } from '../shared/live/clock.ts';

/** Who turned a switch last, and when. */
export const turnedText = ({ by, since }: SwitchRow, t: TFunction): string =>
  by === null || since === null
    ? t('switch.never')
    : t('switch.turned', { by, time: dateTime(since, serverNow()) });
