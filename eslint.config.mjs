import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';
import { cleanupLooksFirst } from './scripts/cleanupRule.mjs';
import { walls } from './scripts/walls.mjs';

const wallRules = walls.map((wall) => ({
  name: `walls/${wall.name}`,
  files: wall.files,
  ignores: ['**/*.test.ts', ...(wall.ignores ?? [])],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: (wall.forbiddenNames ?? []).map((name) => ({ name, message: wall.why })),
        patterns: [{ group: wall.forbidden, message: wall.why }],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'test/repo/fixtures/**',
      '**/assembly/**',
      'coverage/**',
      'docs/api/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      ...importX.flatConfigs.typescript.settings,
      'import-x/resolver-next': [createTypeScriptImportResolver({ alwaysTryTypes: true })],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'max-lines': ['error', { max: 300 }],
      complexity: ['error', 10],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-extraneous-class': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // Of what a schema infers: a name in messages and in the API reference, in place of all its fields.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    // Loops over numbers index arrays, each place its own kind. A function that does it for all of them sees every kind of array: 20 times slower.
    files: ['training/{src,bench}/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // Tests assert on shapes they know; the compiler's doubts there are noise.
    files: ['**/*.test.ts', 'test/**/*.ts', '**/testing/**/*.ts'],
    plugins: { ours: { rules: { 'cleanup-looks-first': cleanupLooksFirst } } },
    rules: {
      'ours/cleanup-looks-first': 'error',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        TextDecoderStream: 'readonly',
      },
    },
    rules: { 'max-lines': ['error', { max: 300 }], complexity: ['error', 10] },
  },
  {
    files: ['examples/any-chaincode/*.js'],
    languageOptions: { sourceType: 'commonjs' },
  },
  ...wallRules,
);
