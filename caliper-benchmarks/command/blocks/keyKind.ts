const separator = '\u0000';

/**
 * The type of record that a key names: the first part of a composite key, such as `clock`. A simple key has the kind of
 * its prefix, such as `tc` of `tc_33cf…`. Without a prefix the key is its own kind.
 */
export const keyKind = (key: string): string =>
  key.startsWith(separator)
    ? (key.split(separator, 2)[1] ?? '')
    : (/^([a-z]+)_[0-9a-z]{10,}$/.exec(key)?.[1] ?? key);
