import type { TFunction } from 'i18next';
import { byTransferKey } from '../../services/events/vocabulary.ts';

/** Why a caller was passed on, as the agent said it; the transfer key of a phone asks for no reason. */
export const passReason = (reason: string, t: TFunction): string =>
  reason === byTransferKey ? t('pass.byKey') : reason;
