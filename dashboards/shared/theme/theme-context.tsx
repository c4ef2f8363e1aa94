import { App as AntApp, theme as antTheme, ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import zhCN from 'antd/es/locale/zh_CN.js';
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { remembered } from '../remembered.ts';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const stored = remembered('hotline.theme', themeChoices);
const ThemeContext = createContext<{ choice: ThemeChoice; choose: (choice: ThemeChoice) => void }>({
  choice: 'system',
  choose: () => undefined,
});

/** Which of light and dark was chosen, and the function that chooses. */
export const useThemeChoice = () => use(ThemeContext);

/** Colours, fonts and the component library's own words in the language of the page. */
export function ThemeProvider({ children }: { children: ReactNode }): ReactNode {
  const [choice, setChoice] = useState<ThemeChoice>(() => stored.read() ?? 'system');
  const systemDark = useSyncExternalStore(subscribeToSystem, () => systemPrefersDark().matches);
  const { i18n } = useTranslation();
  const dark = choice === 'dark' || (choice === 'system' && systemDark);

  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [dark]);

  const choose = (next: ThemeChoice) => {
    stored.write(next);
    setChoice(next);
  };
  return (
    <ThemeContext value={{ choice, choose }}>
      <ConfigProvider
        locale={i18n.language === 'en' ? enUS : zhCN}
        button={{ autoInsertSpace: false }}
        theme={{
          algorithm: dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
          token: {
            colorPrimary: dark ? '#4c8dff' : '#1554b5',
            colorLink: dark ? '#7fb0ff' : '#1554b5',
            colorBgLayout: dark ? '#0d1117' : '#f3f5f8',
            colorBgContainer: dark ? '#161b22' : '#ffffff',
            colorBgElevated: dark ? '#1c222b' : '#ffffff',
            colorTextBase: dark ? '#e8edf3' : '#14181f',
            borderRadius: 8,
            fontFamily: 'var(--font)',
            // Movement on a board that is watched all day is noise.
            motionDurationFast: '0.08s',
            motionDurationMid: '0.12s',
            motionDurationSlow: '0.16s',
          },
        }}
      >
        <AntApp>{children}</AntApp>
      </ConfigProvider>
    </ThemeContext>
  );
}

const systemPrefersDark = () => matchMedia('(prefers-color-scheme: dark)');

function subscribeToSystem(listener: () => void): () => void {
  const query = systemPrefersDark();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
