import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));

/**
 * Builds the screens. `HOTLINE_UI_OUT` names the output folder (default `dashboards/dist`). For work on the
 * screens with a running service: `HOTLINE_HTTP_PORT=… vite --config dashboards/vite.config.ts` passes `/api` on to it.
 * Everything is bundled: the page asks no other host for anything.
 */
export default defineConfig({
  root,
  plugins: [react()],
  build: {
    outDir: process.env.HOTLINE_UI_OUT ?? join(root, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    // Icons and the like stay files of our own origin: the content policy need not allow data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        // What all pages need changes seldom; pages change often: the browser keeps the first across releases.
        codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    strictPort: true,
    proxy: { '/api': `http://127.0.0.1:${process.env.HOTLINE_HTTP_PORT ?? '8080'}` },
  },
});
