import type { SchemaElement, SchemaTree } from 'hyparquet';

/** Types whose values are no number, text, truth value or time. */
const NESTED = new Set([
  'JSON',
  'BSON',
  'INTERVAL',
  'GEOMETRY',
  'GEOGRAPHY',
  'VARIANT',
  'FILE',
  'MAP',
  'LIST',
]);
/** Types of values of a fixed length that are more than bytes. */
const FIXED = new Set(['DECIMAL', 'UUID', 'FLOAT16']);

const typesOf = ({ converted_type, logical_type }: SchemaElement): string[] =>
  [converted_type, logical_type?.type].filter((type) => type !== undefined);

/** Whether a column has one number, text, truth value or time for each row. */
export function isFlat({ children, element }: SchemaTree): boolean {
  const types = typesOf(element);
  if (children.length > 0 || element.repetition_type === 'REPEATED') return false;
  if (types.some((type) => NESTED.has(type))) return false;
  return element.type !== 'FIXED_LEN_BYTE_ARRAY' || types.some((type) => FIXED.has(type));
}

/** Whether a column holds texts. */
export function isText(column: SchemaTree): boolean {
  const { type } = column.element;
  const types = typesOf(column.element);
  return isFlat(column) && (types.includes('UUID') || (type === 'BYTE_ARRAY' && !types.includes('DECIMAL')));
}

/** No value. An empty cell would do, but a row of them would be no row. */
const MISSING = 'NA';

/** A value as the cell of a CSV file; undefined for one that no cell can hold. */
export function cellOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isNaN(value) ? MISSING : String(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return MISSING;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? MISSING : value.toISOString();
  return undefined;
}
