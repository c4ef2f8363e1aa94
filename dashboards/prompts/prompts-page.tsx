import { PauseCircleOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { Alert, Button, Input, Segmented, Spin } from 'antd';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PromptRow } from '../../services/adapters/http/contract/prompts.ts';
import { listPrompts } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { Hint } from '../shared/ui/hint.tsx';
import { atFirst, chosenPrompts, type PromptsChoice } from './prompts-choice.ts';
import { keyOf, usePlayer } from './use-player.ts';
import './prompts.css';

/** For leads: what callers hear, what of it lacks a studio recording, and how it sounds. */
export default function PromptsPage(): ReactNode {
  const { t } = useTranslation();
  const { prompts, failure, reload } = usePrompts();
  const [choice, setChoice] = useState(atFirst);
  const player = usePlayer();
  const shown = chosenPrompts(prompts ?? [], choice);
  return (
    <div className="prompts">
      <h1 className="visually-hidden">{t('frame.prompts')}</h1>
      <Choice choice={choice} onChange={setChoice} />
      {failure !== null && (
        <Alert
          type="error"
          showIcon
          title={failureText(failure)}
          action={<Button onClick={reload}>{t('failure.again')}</Button>}
        />
      )}
      {player.failed !== null && <Alert type="warning" showIcon title={t('prompts.cannotPlay')} />}
      {prompts === null && failure === null && (
        <div className="prompts-loading">
          <Spin size="large" />
        </div>
      )}
      {prompts !== null && (
        <section className="panel" aria-label={t('frame.prompts')}>
          <h2 className="panel-title">
            <span>{t(`prompts.${choice.show}`)}</span>
            <small className="num">{t('prompts.count', { count: shown.length })}</small>
          </h2>
          <p className="prompts-how">{t('prompts.how', { language: choice.language })}</p>
          {shown.length === 0 && <Hint title={t('prompts.none')}>{t('prompts.noneWhat')}</Hint>}
          <ul className="prompts-list">
            {shown.map((prompt) => (
              <PromptItem
                key={keyOf(prompt)}
                prompt={prompt}
                playing={player.playing === keyOf(prompt)}
                onPlay={player.play}
                onStop={player.stop}
              />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Choice(props: { choice: PromptsChoice; onChange: (choice: PromptsChoice) => void }): ReactNode {
  const { t } = useTranslation();
  const { choice, onChange } = props;
  return (
    <div className="prompts-choice">
      <Segmented
        aria-label={t('prompts.language')}
        value={choice.language}
        options={[
          { value: 'zh-CN' as const, label: '中文' },
          { value: 'en' as const, label: 'English' },
        ]}
        onChange={(language) => onChange({ ...choice, language })}
      />
      <Segmented
        aria-label={t('prompts.show')}
        value={choice.show}
        options={(['lacking', 'recorded', 'all'] as const).map((value) => ({
          value,
          label: t(`prompts.${value}`),
        }))}
        onChange={(show) => onChange({ ...choice, show })}
      />
      <Segmented
        aria-label={t('prompts.show')}
        value={choice.kind}
        options={(['sentences', 'fragments'] as const).map((value) => ({
          value,
          label: t(`prompts.${value}`),
        }))}
        onChange={(kind) => onChange({ ...choice, kind })}
      />
      <Input.Search
        className="prompts-search"
        allowClear
        aria-label={t('prompts.search')}
        placeholder={t('prompts.search')}
        value={choice.search}
        onChange={({ target }) => onChange({ ...choice, search: target.value })}
      />
    </div>
  );
}

function PromptItem(props: {
  prompt: PromptRow;
  playing: boolean;
  onPlay: (prompt: PromptRow) => void;
  onStop: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { prompt, playing, onPlay, onStop } = props;
  const { id, text, lengthMs, recorded, language } = prompt;
  return (
    <li className="prompt">
      <Button
        type="text"
        shape="circle"
        disabled={lengthMs === null}
        icon={playing ? <PauseCircleOutlined /> : <PlayCircleOutlined />}
        aria-label={t(playing ? 'prompts.stop' : 'prompts.play', { id })}
        onClick={() => (playing ? onStop() : onPlay(prompt))}
      />
      <div className="prompt-words">
        <div lang={language}>{text}</div>
        <code>{id}</code>
      </div>
      <span className="num prompt-length">
        {lengthMs === null
          ? t('prompts.notRendered')
          : t('prompts.length', { seconds: (lengthMs / 1000).toFixed(1) })}
      </span>
      <span className="prompt-source">{t(recorded ? 'prompts.isRecorded' : 'prompts.isSynthetic')}</span>
    </li>
  );
}

function usePrompts() {
  const [prompts, setPrompts] = useState<PromptRow[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [asked, setAsked] = useState(0);
  // Read again when asked to, though the number is not used.
  useEffect(() => {
    const abort = new AbortController();
    listPrompts(abort.signal).then(
      (list) => {
        setPrompts(list.prompts);
        setFailure(null);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setFailure(error);
      },
    );
    return () => abort.abort();
  }, [asked]);
  const reload = useCallback(() => setAsked((before) => before + 1), []);
  return { prompts, failure, reload };
}
