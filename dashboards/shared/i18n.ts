import i18next, { type ParseKeys } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './locales/en.json' with { type: 'json' };
import zhCN from './locales/zh-CN.json' with { type: 'json' };
import { remembered } from './remembered.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof zhCN };
  }
}

export const languages = ['zh-CN', 'en'] as const;
export type UiLanguage = (typeof languages)[number];
/** Any text of the screens by its key; a key that does not exist does not compile. */
export type TextKey = ParseKeys;

const stored = remembered('hotline.language', languages);

/** The language chosen here before; else the first of the browser's languages that we have; else Chinese. */
export function preferredLanguage(browserLanguages: readonly string[] = navigator.languages): UiLanguage {
  const chosen = stored.read();
  if (chosen !== null) return chosen;
  for (const language of browserLanguages) {
    if (language.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (language.toLowerCase().startsWith('en')) return 'en';
  }
  return 'zh-CN';
}

/** Sets the texts up. Both languages are in the bundle: switching at a wallboard must not need the network. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    lng: preferredLanguage(),
    fallbackLng: 'zh-CN',
    // React escapes what it draws.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = i18next.language;
}

export async function switchLanguage(language: UiLanguage): Promise<void> {
  stored.write(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export const currentLanguage = (): UiLanguage => (i18next.language === 'en' ? 'en' : 'zh-CN');
