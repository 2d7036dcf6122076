/** What one error code of this package means, what to do about it, and how the command exits with it. */
export interface ErrorTableEntry {
  readonly name: string;
  readonly help: string;
  readonly exit: 'refused' | 'connection' | 'timeout' | 'arguments' | 'bug' | 'system' | 'interrupted';
}
