const separator = '\u0000';

/**
 * The type of the record that a key names: the first part of a composite key, such as `clock`. A simple key, which has
 * no parts, is its own kind.
 */
export const keyKind = (key: string): string =>
  key.startsWith(separator) ? (key.split(separator, 2)[1] ?? '') : key;
