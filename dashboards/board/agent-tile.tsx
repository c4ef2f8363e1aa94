import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView, LiveCallView } from '../../services/adapters/http/contract/live.ts';
import { serverNow } from '../shared/live/clock.ts';
import { Elapsed, Remaining } from '../shared/live/ticking.tsx';
import { doingText } from './agent-doing.ts';
import { expiringSkills } from './certificates.ts';
import { HoldMore } from './hold-more.tsx';

/** One agent: who, in which state, why, since when, with whom. For leads it opens the dialog that sets the state. */
export const AgentTile = memo(function AgentTile(props: {
  agent: LiveAgentView;
  call: LiveCallView | null;
  onChoose: ((agent: string) => void) | null;
}): ReactNode {
  const { agent, call, onChoose } = props;
  const { t } = useTranslation();
  const content = (
    <>
      <span className="agent-who">
        <b className="agent-name" title={agent.name}>
          {agent.name}
        </b>
        <small className="num">{agent.agent}</small>
      </span>
      <AgentMarks agent={agent} />
      <span className="agent-state">
        <span>{t(`state.${agent.state}`)}</span>
        {agent.state !== 'signed-out' && <Elapsed since={agent.since} />}
      </span>
      <span className="agent-more">
        <AgentMore agent={agent} call={call} />
      </span>
    </>
  );
  const className = `agent st st-${agent.state}`;
  if (onChoose === null) {
    return (
      <div className={className} data-agent={agent.agent} data-state={agent.state}>
        {content}
      </div>
    );
  }
  return (
    <button
      type="button"
      className={className}
      data-agent={agent.agent}
      data-state={agent.state}
      title={t('agents.setState', { name: agent.name })}
      onClick={() => onChoose(agent.agent)}
    >
      {content}
    </button>
  );
});

/** Skills, and what is to be known of the agent whatever the state. */
function AgentMarks({ agent }: { agent: LiveAgentView }): ReactNode {
  const { t } = useTranslation();
  const [first] = expiringSkills(agent, serverNow());
  if (agent.skills.length === 0 && !agent.reserve) return null;
  const skills = agent.skills.map(({ skill, level }) => t('skill.held', { skill, level })).join(' · ');
  return (
    <span className="agent-skills" title={skills}>
      {agent.reserve && <i>{t('agents.reserve')}</i>}
      {first !== undefined && (
        <i className={first.expired ? 'level-bad' : 'level-warn'}>
          {t(first.expired ? 'skill.over' : 'skill.soon')}
        </i>
      )}
      <span>{skills}</span>
    </span>
  );
}

function AgentMore({ agent, call }: { agent: LiveAgentView; call: LiveCallView | null }): ReactNode {
  const { t } = useTranslation();
  if (agent.state === 'wrapping-up' && agent.until !== null) {
    return (
      <>
        {t('agents.left')} <Remaining until={agent.until} />
      </>
    );
  }
  const doing = call === null ? null : doingText(agent.agent, call, t);
  if (call?.hold?.promise != null) return <HoldMore since={call.hold.since} promise={call.hold.promise} />;
  if (doing !== null) return <span data-doing={agent.agent}>{doing}</span>;
  if (call !== null) return call.callerNumber === '' ? t('number.withheld') : call.callerNumber;
  if (agent.reason !== null) return t(`reason.${agent.reason}`);
  if (agent.state === 'unreachable') return t('agents.noPhone');
  return ' ';
}
