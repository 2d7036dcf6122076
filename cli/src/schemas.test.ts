import fc from 'fast-check';
import { beforeAll, expect, it, vi } from 'vitest';
import type { z } from 'zod';

interface Verb {
  readonly name: string;
  readonly input: z.ZodObject;
  readonly options?: readonly (readonly [string, string])[];
}
const verbs = vi.hoisted((): Verb[] => []);

vi.mock('./verb.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('./verb.js')>();
  return {
    ...original,
    verb: (definition: Verb & Parameters<typeof original.verb>[0]) => {
      verbs.push(definition);
      return original.verb(definition);
    },
  };
});

beforeAll(async () => {
  const { nouns } = await import('./nouns.js');
  for (const { load } of nouns) await load();
});

const typed = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.webUrl(),
  fc.ipV6(),
  fc.constantFrom(
    '',
    '-1',
    '1e9',
    '99999999999999999999',
    '0x10',
    'NaN',
    'http://',
    '[::1]:7051',
    '7d',
    '::',
  ),
);

it('no verb’s schema throws anything but its own error, whatever is typed', () => {
  expect(verbs.length).toBeGreaterThan(40);
  for (const { name, input } of verbs) {
    const keys = Object.keys(input.shape);
    const values = fc.record(
      Object.fromEntries(keys.map((key) => [key, fc.oneof(typed, fc.array(typed), fc.boolean())])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(values, (given) => {
        expect(() => input.safeParse(given), name).not.toThrow();
      }),
    );
  }
});
