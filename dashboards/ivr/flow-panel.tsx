import { App, Button, Tag } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FlowOverviewView } from '../../services/adapters/http/contract/ivr.ts';
import { activateFlow, flowPictureUrl } from '../shared/api/endpoints.ts';
import { momentText } from '../shared/format/time.ts';
import { serverNow } from '../shared/live/clock.ts';

type Version = FlowOverviewView['versions'][number];

/** One flow: what is in force, its history, and a version's picture. */
export function FlowPanel({
  flow,
  onChanged,
  onRefused,
}: {
  flow: FlowOverviewView;
  onChanged: (flow: FlowOverviewView) => void;
  onRefused: (failure: unknown) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const [working, setWorking] = useState(false);
  const [shown, setShown] = useState<number | null>(null);
  const { inForce, versions } = flow;
  const picture = shown ?? inForce?.version ?? null;

  const put = async (version?: number) => {
    setWorking(true);
    onRefused(null);
    try {
      const now = await activateFlow({ flow: flow.flow, ...(version !== undefined && { version }) });
      onChanged(now);
      setShown(null);
      message.success(t('ivr.done', { version: now.inForce?.version }));
    } catch (error) {
      onRefused(error);
    }
    setWorking(false);
  };
  const ask = (title: string, version?: number): void => {
    void modal.confirm({
      title,
      content: t('ivr.nextCaller'),
      okText: t('ivr.yes'),
      cancelText: t('ivr.no'),
      onOk: () => put(version),
    });
  };

  return (
    <section className="panel" aria-label={t('ivr.flow', { flow: flow.flow })}>
      <h2 className="panel-title">
        <span>
          {t('ivr.flow', { flow: flow.flow })} {flow.hotlines.length === 0 && <Tag>{t('ivr.noHotline')}</Tag>}
        </span>
        <small>{inForce ? t('ivr.inForce', { version: inForce.version }) : t('ivr.byFile')}</small>
      </h2>
      {flow.fileDiffers === true && (
        <p className="ivr-differs">
          <span>{t('ivr.differs')}</span>
          <Button
            type="primary"
            loading={working}
            onClick={() => ask(t('ivr.activateWhat', { flow: flow.flow }))}
          >
            {t('ivr.activate')}
          </Button>
        </p>
      )}
      <ol className="ivr-versions">
        {versions.map((version) => (
          <li key={version.version} aria-current={version.version === inForce?.version}>
            <VersionLine version={version} />
            <span className="ivr-actions">
              <Button
                size="small"
                type="text"
                disabled={picture === version.version}
                onClick={() => setShown(version.version)}
              >
                {t('ivr.show')}
              </Button>
              {version.version !== inForce?.version && version.version !== inForce?.rollsBackTo && (
                <Button
                  size="small"
                  disabled={working}
                  onClick={() => ask(t('ivr.rollBackWhat', { version: version.version }), version.version)}
                >
                  {t('ivr.rollBack')}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ol>
      {picture !== null && (
        <figure className="ivr-picture">
          <figcaption>{t('ivr.picture', { version: picture })}</figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard */}
          <div tabIndex={0}>
            <img
              src={flowPictureUrl(flow.flow, picture)}
              alt={t('ivr.pictureOf', { flow: flow.flow, version: picture })}
              onLoad={(event) => showTheStart(event.currentTarget)}
            />
          </div>
        </figure>
      )}
    </section>
  );
}

/** A call begins on the left, about half-way down. */
function showTheStart(image: HTMLImageElement): void {
  const frame = image.parentElement;
  frame?.scrollTo({ left: 0, top: (image.height - frame.clientHeight) / 2 });
}

function VersionLine({ version }: { version: Version }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="ivr-version">
      <b className="num">{t('ivr.version', { version: version.version })}</b>
      <time className="num">{momentText(version.at, serverNow())}</time>
      <span>{version.by === 'set-up' ? t('ivr.setUp') : version.by}</span>
      {version.rollsBackTo !== null && <Tag>{t('ivr.again', { version: version.rollsBackTo })}</Tag>}
    </span>
  );
}
