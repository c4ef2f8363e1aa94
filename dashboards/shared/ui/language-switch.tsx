import { GlobalOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage, switchLanguage } from '../i18n.ts';

/** Switches between the two languages. Its label is in the language one would come to. */
export function LanguageSwitch(): ReactNode {
  useTranslation();
  const other = currentLanguage() === 'en' ? 'zh-CN' : 'en';
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      lang={other}
      data-testid="language-switch"
      onClick={() => void switchLanguage(other)}
    >
      {other === 'en' ? 'EN' : '中文'}
    </Button>
  );
}
