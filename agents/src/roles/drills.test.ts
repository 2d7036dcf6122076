import { expect, it } from 'vitest';
import { drills, parseDrill } from './drills.js';

it('knows every drill by its name, and suggests the nearest to another', () => {
  for (const name of Object.keys(drills)) expect(parseDrill(name)).toBe(name);
  expect(() => parseDrill('wrong-updat')).toThrow(/VT9001.*Did you mean wrong-update\?/s);
  expect(() => parseDrill('toString')).toThrow('VT9001');
});
