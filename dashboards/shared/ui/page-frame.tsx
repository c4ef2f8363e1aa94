import {
  ApartmentOutlined,
  AuditOutlined,
  CheckSquareOutlined,
  DashboardOutlined,
  LogoutOutlined,
  PhoneOutlined,
  SoundOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { App, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../../services/adapters/http/contract/common.ts';
import { failureText } from '../api/failure-text.ts';
import { useSession, useSignedIn } from '../session/session-context.tsx';
import logo from '../theme/hotline.svg';
import { LanguageSwitch } from './language-switch.tsx';
import { followLink, pathOf, useRoute } from './router.ts';
import './page-frame.css';
import { ThemeSwitch } from './theme-switch.tsx';

const pages = [
  { page: 'desk', icon: <PhoneOutlined />, roles: ['agent'] },
  { page: 'board', icon: <DashboardOutlined />, roles: ['agent', 'lead', 'admin'] },
  { page: 'calls', icon: <UnorderedListOutlined />, roles: ['agent', 'lead', 'admin'] },
  { page: 'tasks', icon: <CheckSquareOutlined />, roles: ['agent', 'lead', 'admin'] },
  { page: 'ivr', icon: <ApartmentOutlined />, roles: ['lead', 'admin'] },
  { page: 'prompts', icon: <SoundOutlined />, roles: ['lead', 'admin'] },
  { page: 'ledger', icon: <AuditOutlined />, roles: ['lead', 'admin'] },
] as const satisfies { page: string; icon: ReactNode; roles: Role[] }[];

/** The page a person sees first. */
export const homeOf = (role: Role): 'desk' | 'board' => (role === 'agent' ? 'desk' : 'board');

/** Whether a page is for this role at all. */
export const mayOpen = (page: (typeof pages)[number]['page'], role: Role): boolean =>
  pages.some((each) => each.page === page && (each.roles as readonly Role[]).includes(role));

/** What is around every page of someone who is signed in: name, pages, language, colours, sign out. */
export function PageFrame({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const session = useSignedIn();
  const route = useRoute();
  const open = route.page === 'home' ? homeOf(session.role) : route.page;
  return (
    <div className="frame">
      <a className="frame-skip" href="#main">
        {t('frame.skip')}
      </a>
      <header className="frame-head">
        <div className="frame-brand">
          <img src={logo} alt="" width={28} height={28} />
          <span>{t('product')}</span>
        </div>
        <nav className="frame-nav" aria-label={t('frame.pages')}>
          {pages
            .filter(({ page }) => mayOpen(page, session.role))
            .map(({ page, icon }) => (
              <a
                key={page}
                href={pathOf(page === 'calls' ? { page, callId: null } : { page })}
                onClick={followLink}
                aria-current={page === open ? 'page' : undefined}
                title={t(`frame.${page}`)}
              >
                {icon}
                <span>{t(`frame.${page}`)}</span>
              </a>
            ))}
        </nav>
        <div className="frame-tools">
          <span className="frame-who">
            <b>{session.name}</b>
            <small>{session.agent ?? t(`role.${session.role}`)}</small>
          </span>
          <LanguageSwitch />
          <ThemeSwitch />
          <SignOutButton />
        </div>
      </header>
      <main id="main" className="frame-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function SignOutButton(): ReactNode {
  const { t } = useTranslation();
  const { signOut } = useSession();
  const { message } = App.useApp();
  const leave = async () => {
    try {
      await signOut();
    } catch (error) {
      message.error(failureText(error));
    }
  };
  return (
    <Button
      type="text"
      icon={<LogoutOutlined />}
      aria-label={t('frame.leave')}
      title={t('frame.leave')}
      onClick={() => void leave()}
    />
  );
}
