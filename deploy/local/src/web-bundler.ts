import { build } from 'vite'

/** usage: node web-bundler.ts <folder of the pages> <folder to write to> */
const [root = '', outDir = ''] = process.argv.slice(2)
await build({
  root,
  configFile: false,
  envFile: false,
  logLevel: 'error',
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the policy of the pages forbids it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
