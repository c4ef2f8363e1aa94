import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView } from '../../services/adapters/http/contract/live.ts';
import { localDate } from '../shared/format/time.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { expiringSkills } from './certificates.ts';

/** For leads: whose certificates are about to expire, which takes the skill away (PPL-01). Nothing when there are none. */
export function CertificatesPanel({ agents, at }: { agents: LiveAgentView[]; at: number }): ReactNode {
  const { t } = useTranslation();
  const { role } = useSignedIn();
  const expiring = agents
    .flatMap((agent) => expiringSkills(agent, at).map((skill) => ({ agent, skill })))
    .toSorted((a, b) => a.skill.expiresAt - b.skill.expiresAt);
  if (role === 'agent' || expiring.length === 0) return null;
  return (
    <section className="panel" aria-label={t('skill.expiring')}>
      <h2 className="panel-title">
        <span>{t('skill.expiring')}</span>
        <small className="num">{t('waiting.count', { count: expiring.length })}</small>
      </h2>
      <ul className="certificates">
        {expiring.map(({ agent, skill }) => (
          <li key={`${agent.agent} ${skill.skill}`} data-certificate={`${agent.agent}/${skill.skill}`}>
            <b>
              {agent.name} <small className="num">{agent.agent}</small>
            </b>
            <span>{t('skill.held', { skill: skill.skill, level: skill.level })}</span>
            <span className={`num ${skill.expired ? 'level-bad' : 'level-warn'}`}>
              {t(skill.expired ? 'skill.expired' : 'skill.until', { date: localDate(skill.expiresAt) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
