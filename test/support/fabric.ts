import { describe } from 'vitest';
import { type FabricVersion, missingPrograms } from '@veritrain/network';

declare module 'vitest' {
  interface TaskMeta {
    /** Why it was left out. */
    reason?: string;
  }
}

/** Tests that need Fabric's programs: left out, counted and named where they are not on this machine. */
export function describeFabric(name: string, tests: () => void, version: FabricVersion = '3.1.5'): void {
  const missing = missingPrograms(version);
  const reason = `Fabric ${version} is not on this machine (no ${missing.join(', ')}): veritrain network install --version ${version}`;
  if (missing.length > 0) describe.skip(name, { meta: { reason } }, tests);
  else describe(name, tests);
}
