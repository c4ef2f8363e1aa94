import { Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView } from '../../../services/adapters/http/contract/live.ts';
import { Elapsed } from '../../shared/live/ticking.tsx';

/** Free colleagues come first; one who cannot be rung now is shown and cannot be chosen. Narrowed down by name, number and skill. */
export function ColleagueChoice(props: {
  colleagues: readonly LiveAgentView[];
  chosen: string | null;
  onChoose: (agent: string) => void;
}): ReactNode {
  const { colleagues, chosen, onChoose } = props;
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [skill, setSkill] = useState<string | null>(null);
  const skills = [...new Set(colleagues.flatMap((one) => one.skills.map((held) => held.skill)))].sort();
  const wanted = search.trim().toLowerCase();
  const shown = colleagues
    .filter(({ name, agent }) => `${name} ${agent}`.toLowerCase().includes(wanted))
    .filter((one) => skill === null || one.skills.some((held) => held.skill === skill))
    .filter(({ state }) => state !== 'signed-out')
    .toSorted((a, b) => rank(a) - rank(b) || a.agent.localeCompare(b.agent, 'en', { numeric: true }));
  return (
    <>
      <div className="pass-search">
        <Input
          autoFocus
          allowClear
          aria-label={t('pass.search')}
          placeholder={t('pass.search')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {skills.length > 0 && (
          <Select<string>
            allowClear
            aria-label={t('pass.skill')}
            placeholder={t('pass.skill')}
            value={skill}
            onChange={(value) => setSkill(value ?? null)}
            options={skills.map((value) => ({ value, label: value }))}
          />
        )}
      </div>
      <fieldset className="pass-list">
        <legend className="visually-hidden">{t('pass.kind.agent')}</legend>
        {shown.length === 0 && <p className="pass-none">{t('pass.nobody')}</p>}
        {shown.map((one) => (
          <label
            key={one.agent}
            className={`pass-one st st-${one.state}`}
            data-colleague={one.agent}
            data-state={one.state}
          >
            <input
              type="radio"
              name="colleague"
              checked={chosen === one.agent}
              disabled={one.state !== 'available'}
              onChange={() => onChoose(one.agent)}
            />
            <b>
              {one.name} <small className="num">{one.agent}</small>
            </b>
            <span className="pass-state">
              <i className="st-dot" aria-hidden="true" /> {t(`state.${one.state}`)}{' '}
              <Elapsed since={one.since} />
            </span>
            {one.skills.length > 0 && (
              <small className="pass-skills">
                {one.skills.map(({ skill, level }) => t('skill.held', { skill, level })).join(' · ')}
              </small>
            )}
          </label>
        ))}
      </fieldset>
    </>
  );
}

const rank = ({ state }: LiveAgentView): number => (state === 'available' ? 0 : 1);
