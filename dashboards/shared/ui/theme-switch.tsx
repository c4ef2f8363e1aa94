import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type ThemeChoice, useThemeChoice } from '../theme/theme-context.tsx';

const next: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
const icon: Record<ThemeChoice, ReactNode> = {
  system: <DesktopOutlined />,
  light: <SunOutlined />,
  dark: <MoonOutlined />,
};

/** As the system, light, dark, and round again. */
export function ThemeSwitch(): ReactNode {
  const { t } = useTranslation();
  const { choice, choose } = useThemeChoice();
  const label = t(`theme.${choice}`);
  return (
    <Button
      type="text"
      icon={icon[choice]}
      aria-label={label}
      title={label}
      onClick={() => choose(next[choice])}
    />
  );
}
