import { memo, type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView, LiveCallView } from '../../services/adapters/http/contract/live.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { Hint } from '../shared/ui/hint.tsx';
import { AgentStateDialog } from './agent-state-dialog.tsx';
import { AgentTile } from './agent-tile.tsx';

/** All agents. Each keeps the same place while signed in: one finds a person by place, not by reading. */
export const AgentsGrid = memo(function AgentsGrid(props: {
  agents: LiveAgentView[];
  calls: LiveCallView[];
}): ReactNode {
  const { agents, calls } = props;
  const { t } = useTranslation();
  const { role } = useSignedIn();
  const [chosen, setChosen] = useState<string | null>(null);
  const inOrder = useMemo(() => agentsInOrder(agents), [agents]);
  const callOf = useMemo(() => new Map(calls.map((call) => [call.callId, call])), [calls]);
  const signedIn = agents.filter((agent) => agent.state !== 'signed-out').length;
  const maySetState = role !== 'agent';
  return (
    <section className="panel" aria-label={t('agents.title')}>
      <h2 className="panel-title">
        <span>{t('agents.title')}</span>
        <small className="num">{t('agents.count', { signedIn, all: agents.length })}</small>
      </h2>
      {signedIn === 0 && <Hint title={t('agents.none')}>{t('agents.noneWhat')}</Hint>}
      <ul className="agents">
        {inOrder.map((agent) => (
          <li key={agent.agent}>
            <AgentTile
              agent={agent}
              call={callOf.get(agent.callId ?? '') ?? null}
              onChoose={maySetState ? setChosen : null}
            />
          </li>
        ))}
      </ul>
      {chosen !== null && (
        <AgentStateDialog
          agent={agents.find((agent) => agent.agent === chosen) ?? null}
          onClose={() => setChosen(null)}
        />
      )}
    </section>
  );
});

/** By number; who is signed out comes last. */
export function agentsInOrder(agents: readonly LiveAgentView[]): LiveAgentView[] {
  const out = (agent: LiveAgentView) => (agent.state === 'signed-out' ? 1 : 0);
  return agents.toSorted(
    (a, b) => out(a) - out(b) || a.agent.localeCompare(b.agent, 'en', { numeric: true }),
  );
}
