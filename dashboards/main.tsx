import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Screens } from './screens.tsx';
import { startI18n } from './shared/i18n.ts';
import './shared/theme/base.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

await startI18n();
createRoot(root).render(
  <StrictMode>
    <Screens />
  </StrictMode>,
);
