import { defineConfig } from 'eslint/config'
import js from '@eslint/js'
import tseslint from 'typescript-eslint'

const processEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in main.ts alone and pass configuration as an argument.',
}
const restricted = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  {
    selector:
      "CallExpression[callee.object.name='jest'][callee.property.name=/^(mock|unstable_mockModule)$/]",
    message: 'Pass the neighbour as an argument instead.',
  },
]
const fastifyAugmentation = {
  selector: "TSModuleDeclaration[id.value='fastify']",
  message: "declare module 'fastify' belongs in libs/service alone.",
}

export default defineConfig(
  { ignores: ['**/dist/**', '.tools/**', '.demo/**', '.bench/**', 'coverage/**'] },
  js.configs.recommended,
  { files: ['**/*.js', '**/*.mjs'], languageOptions: { globals: { process: 'readonly' } } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-restricted-syntax': ['error', processEnv, fastifyAugmentation, ...restricted],
      'max-lines': ['warn', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['warn', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Fastify handlers and plugins are async by contract also where they await nothing.
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
    },
  },
  {
    files: [
      '**/src/main.ts',
      'deploy/local/src/**',
      '**/test/**',
      '**/bench/**',
      'libs/testing/**',
    ],
    rules: { 'no-restricted-syntax': ['error', fastifyAugmentation, ...restricted] },
  },
  {
    files: ['libs/service/**'],
    rules: { 'no-restricted-syntax': ['error', processEnv, ...restricted] },
  },
  {
    files: ['**/test/**', '**/*.test.ts', '**/*.bench.ts'],
    rules: {
      'max-lines-per-function': 'off',
      // Answers over HTTP are any by nature; the assertions are what checks them.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['deploy/local/src/**', 'services/*/src/cli/**', '**/src/openapi.ts'],
    rules: { 'no-console': 'off' },
  },
  // Jest takes its setup and reporters as default exports.
  {
    files: ['libs/testing/src/global-*.ts', 'libs/testing/src/*-reporter.js'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
)
