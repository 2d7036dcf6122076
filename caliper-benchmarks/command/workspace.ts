import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** Folder of this package, which is Caliper's workspace. */
export const workspace = dirname(createRequire(import.meta.url).resolve('#manifest'));
