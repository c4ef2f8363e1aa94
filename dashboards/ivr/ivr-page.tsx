import { Alert, Button, Spin } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { failureText } from '../shared/api/failure-text.ts';
import { ApiFailure } from '../shared/api/problem.ts';
import { FlowPanel } from './flow-panel.tsx';
import { useFlows } from './use-flows.ts';
import './ivr.css';

/** For leads: call flows, which version callers hear, who put it in force when; a version's picture; activation and roll-back. */
export default function IvrPage(): ReactNode {
  const { t } = useTranslation();
  const { flows, loading, failure, reload, changed } = useFlows();
  const [refused, setRefused] = useState<unknown>(null);
  return (
    <div className="ivr">
      <h1 className="visually-hidden">{t('frame.ivr')}</h1>
      {failure !== null && (
        <Alert
          type="error"
          showIcon
          title={failureText(failure)}
          action={<Button onClick={reload}>{t('failure.again')}</Button>}
        />
      )}
      {refused !== null && (
        <Alert
          type="error"
          showIcon
          closable
          onClose={() => setRefused(null)}
          title={failureText(refused)}
          description={<Problems failure={refused} />}
        />
      )}
      {flows === null && loading && (
        <div className="ivr-loading">
          <Spin size="large" />
        </div>
      )}
      {flows?.map((flow) => (
        <FlowPanel key={flow.flow} flow={flow} onChanged={changed} onRefused={setRefused} />
      ))}
    </div>
  );
}

/** Every problem of a flow that was refused, as the checker says it: file, line, what, and what to write instead. */
function Problems({ failure }: { failure: unknown }): ReactNode {
  if (!(failure instanceof ApiFailure)) return null;
  if (failure.errors.length === 0) return <p>{failure.message}</p>;
  return (
    <ul className="ivr-problems">
      {failure.errors.map((message) => (
        <li key={message}>
          <code>{message}</code>
        </li>
      ))}
    </ul>
  );
}
