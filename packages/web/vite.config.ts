/**
 * Builds the page for a strict Content Security Policy: no inline script, no inline style, no data
 * URL, everything from the server's own origin.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data URL would need `data:` in the policy; the polyfill would be an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      treeshake: {
        // Core is pure: what the page does not call (rules, YAML) must not be in its bundle.
        moduleSideEffects: (id) => !/\/packages\/(core|api)\/src\//.test(id),
      },
    },
  },
})
