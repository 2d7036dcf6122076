/**
 * JSON with keys in the order of their UTF-16 code units and no white space (RFC 8785), so every endorser writes the
 * same bytes for the same value. Undefined fields are left out. `training` writes the same JSON; test/support/vectors/ keeps
 * the two equal.
 * @throws TypeError for values without a JSON form: NaN, an infinity, undefined
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
    return `{${fields.join(',')}}`;
  }
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    throw new TypeError(`${String(value)} has no JSON form`);
  return JSON.stringify(value);
}
