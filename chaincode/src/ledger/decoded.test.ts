import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Collection } from './collections.js';
import { Decoded } from './decoded.js';

const thing = (name: string): Collection<{ id: string; list: readonly number[] }> => ({
  name,
  schema: z.strictObject({ id: z.string(), list: z.array(z.number()) }),
});
const text = (id: string): string => JSON.stringify({ id, list: [1, 2] });

describe('records, decoded', () => {
  it('checks a text once, and each collection’s for itself', () => {
    const decoded = new Decoded();
    const one = thing('one');
    const other = { name: 'other', schema: z.strictObject({ id: z.string(), list: z.array(z.string()) }) };
    const parse = vi.spyOn(one.schema, 'parse');
    expect(decoded.of(one, text('a'))).toEqual({ id: 'a', list: [1, 2] });
    expect(decoded.of(one, text('a'))).toBe(decoded.of(one, text('a')));
    expect(parse).toHaveBeenCalledTimes(1);
    expect(() => decoded.of(other, text('a'))).toThrow(z.ZodError);
  });

  it('lets no transaction change what the next one reads', () => {
    const decoded = new Decoded();
    const record = decoded.of(thing('one'), text('a')) as { id: string; list: number[] };
    expect(() => (record.id = 'b')).toThrow(TypeError);
    expect(() => record.list.push(3)).toThrow(TypeError);
    expect(() => record.list.sort()).toThrow(TypeError);
  });

  it('keeps no text that the schema refuses, and no more than some megabytes', () => {
    const decoded = new Decoded();
    const one = thing('one');
    const parse = vi.spyOn(one.schema, 'parse');
    for (let turn = 0; turn < 2; turn++) expect(() => decoded.of(one, '{}')).toThrow(z.ZodError);
    expect(parse).toHaveBeenCalledTimes(2);
    const large = text('x'.repeat(2 ** 21));
    decoded.of(one, large);
    decoded.of(one, text('y'.repeat(2 ** 21)));
    decoded.of(one, large);
    expect(parse).toHaveBeenCalledTimes(5);
  });
});
