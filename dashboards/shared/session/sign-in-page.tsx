import { LockOutlined, UserOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignIn } from '../../../services/adapters/http/contract/session.ts';
import { failureText } from '../api/failure-text.ts';
import logo from '../theme/hotline.svg';
import { LanguageSwitch } from '../ui/language-switch.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';
import { useSession } from './session-context.tsx';
import './sign-in-page.css';

/** `ended`: the person was signed in a moment ago, and should know why they see this page. */
export function SignInPage({ ended }: { ended: boolean }): ReactNode {
  const { t, i18n } = useTranslation();
  const { signIn } = useSession();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const submit = async (credentials: SignIn) => {
    setBusy(true);
    setFailure(null);
    try {
      await signIn({ user: credentials.user.trim(), password: credentials.password });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <div className="sign-in-tools">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <section className="sign-in-card panel">
        <img src={logo} alt="" width={48} height={48} />
        <h1>{t('product')}</h1>
        <p>{t('signIn.intro')}</p>
        <div aria-live="polite" className="sign-in-alert">
          {failure !== null && <Alert type="error" showIcon title={failureText(failure)} />}
          {failure === null && ended && <Alert type="info" showIcon title={t('signIn.ended')} />}
        </div>
        <Form<SignIn>
          key={i18n.language}
          layout="vertical"
          requiredMark={false}
          size="large"
          onFinish={(credentials) => void submit(credentials)}
        >
          <Form.Item
            name="user"
            label={t('signIn.user')}
            rules={[{ required: true, message: t('signIn.userMissing') }]}
          >
            <Input
              prefix={<UserOutlined />}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={64}
              autoFocus
            />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('signIn.password')}
            rules={[{ required: true, message: t('signIn.passwordMissing') }]}
          >
            <Input.Password prefix={<LockOutlined />} autoComplete="current-password" maxLength={256} />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={busy}>
            {t('signIn.submit')}
          </Button>
        </Form>
        <p className="sign-in-help">{t('signIn.help')}</p>
      </section>
    </main>
  );
}
