import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { KpiValue } from '../../services/adapters/http/contract/kpi.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { whole } from '../shared/format/numbers.ts';
import { kpiText } from './kpi-text.ts';

/** The KPIs of a board, in the order they are shown. Reports have more. */
export const boardKpis = [
  'service_level',
  'answer_rate',
  'abandon_rate',
  'average_speed_of_answer',
  'average_handle_time',
] as const;
type BoardKpi = (typeof boardKpis)[number];

/** The KPIs in a row, each with what it means on hover and on focus. */
export function KpiFigures({ kpis, className }: { kpis: KpiValue[]; className: string }): ReactNode {
  return (
    <dl className={className}>
      {boardKpis.map((id) => {
        const kpi = kpis.find((each) => each.kpi === id);
        return kpi === undefined ? null : <KpiFigure key={id} id={id} kpi={kpi} />;
      })}
    </dl>
  );
}

function KpiFigure({ id, kpi }: { id: BoardKpi; kpi: KpiValue }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="figure">
      <dt>{t(`kpi.${id}.short`)}</dt>
      <dd className="num">
        <Tooltip
          title={<Meaning id={id} kpi={kpi} />}
          placement="bottomLeft"
          trigger={['hover', 'focus']}
          styles={{ root: { maxWidth: 380 } }}
        >
          {/* Focusable, so that the meaning can be had without a mouse. */}
          <button type="button" className="kpi-value">
            {kpiText(kpi)}
          </button>
        </Tooltip>
      </dd>
    </div>
  );
}

function Meaning({ id, kpi }: { id: BoardKpi; kpi: KpiValue }): ReactNode {
  const { t } = useTranslation();
  const numerator = kpi.unit === 'ms' ? clockDuration(kpi.numerator) : whole(kpi.numerator);
  const version = String(kpi.version).replace(/^v?/, 'v');
  return (
    <div className="kpi-meaning">
      <b>
        {t(`kpi.${id}.name`)} {version}
      </b>
      <p>{t(`kpi.${id}.text`)}</p>
      <p className="num">
        {t('kpi.today', { numerator, denominator: whole(kpi.denominator), value: kpiText(kpi) })}
        {kpi.definition !== '' && ` · ${kpi.definition}`}
      </p>
    </div>
  );
}
