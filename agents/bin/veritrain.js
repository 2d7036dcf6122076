#!/usr/bin/env node
// Here and not in dist/, so that npm can link the command before the package is built.
import { enableCompileCache } from 'node:module';

// A command starts often: what it loads is compiled once.
enableCompileCache();
await import('../dist/cli/main.js');
