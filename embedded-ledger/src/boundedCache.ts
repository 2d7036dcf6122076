/** Keeps the newest entries up to a total number of bytes. The oldest entries go first. */
export class BoundedCache<Key, Value> {
  private readonly entries = new Map<Key, { readonly value: Value; readonly bytes: number }>();
  private totalBytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(key: Key): Value | undefined {
    return this.entries.get(key)?.value;
  }

  /** @param bytes the size of the entry; the cache does not keep an entry larger than itself */
  set(key: Key, value: Value, bytes: number): void {
    this.delete(key);
    if (bytes > this.maxBytes) return;
    this.entries.set(key, { value, bytes });
    this.totalBytes += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.totalBytes <= this.maxBytes) return;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    this.totalBytes -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
  }
}
