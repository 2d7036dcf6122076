import { inject, it } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Why it was left out. */
    reason?: string;
  }
}

const { name, missing, choices } = inject('network')!;
const version = choices.version ?? '3.1.5';
const reason = `Fabric ${version} is not on this machine (no ${missing.join(', ')}): veritrain network install --version ${version}`;

it.skip(name, { meta: { reason } }, () => undefined);
