#!/usr/bin/env node
// This file is outside dist/, so npm can link the command before the package is built.
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// The chaincode's processes inherit the variable. Where Node cannot write the folder, it compiles each time.
try {
  process.env.NODE_COMPILE_CACHE ||= join(homedir(), '.cache', 'embedded-ledger', 'compiled');
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
} catch {
  // This user has no home folder.
}
await import('../dist/cli.js');
