// Turns the zod schemas of the transactions into short words.
import { z } from 'zod';

const words = [
  [/^\^sha256/, 'digest `sha256:<64 hex>`'],
  [/^\^\(?(pt|ds|md|tc|cf|tj|ci|sub)_/, 'id'],
  [/^\^\[0-9a-f\]\{64\}/, '64 hex digits'],
  [/^\^\[A-Za-z0-9_-\]\{86\}/, 'ES256 signature, base64url'],
  [/^\^\[A-Za-z0-9_-\]\{43\}/, '32 bytes, base64url'],
  [/^\^\[A-Za-z0-9_-\]\{16,128\}/, 'vault handle'],
  [/^\^\[\\w-\]\+/, 'compact JWE'],
  [/^\^-\?\(0/, 'decimal number'],
];

function describeString({ pattern = '', const: only, enum: options, maxLength }) {
  if (only !== undefined) return `\`${only}\``;
  if (options !== undefined) return options.map((option) => `\`${option}\``).join(' or ');
  const id = /^\^(pt|ds|md|tc|cf|tj|ci|sub)_/.exec(pattern)?.[1];
  if (id !== undefined) return `id \`${id}_…\``;
  const known = words.find(([form]) => form.test(pattern))?.[1];
  return known ?? (maxLength === undefined ? 'text' : `text, at most ${maxLength}`);
}

function describeNumber({ minimum, maximum }) {
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return `integer, ${minimum ?? 'any'}${most === '' ? ' or more' : most}`;
}

/** Describes one schema in words. An object becomes `{ field, field }`. */
export function describe(schema) {
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) return [...new Set(parts.map(describe))].join(' or ');
  if (schema.type === 'null') return '`null`';
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer' || schema.type === 'number') return describeNumber(schema);
  if (schema.type === 'array') return `list of ${describe(schema.items)}`;
  if (schema.type === 'object') return `{ ${Object.keys(schema.properties ?? {}).join(', ')} }`;
  return describeString(schema);
}

/** The rows of an object schema: `[path, words, required]`, with nested objects flattened. */
export function fieldsOf(schema, prefix = '') {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const inner = field.type === 'array' ? field.items : field;
    const own = [path, describe(field), required.has(name)];
    if (inner.type !== 'object') return [own];
    return [own, ...fieldsOf(inner, `${path}${field.type === 'array' ? '[]' : ''}.`)];
  });
}

export const jsonSchema = (schema) => z.toJSONSchema(schema, { io: 'input' });

/** A Markdown table with its columns padded, as the formatter writes it. */
export function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => [...row[column]].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(all[0]), rule, ...all.slice(1).map(line)].join('\n');
}
