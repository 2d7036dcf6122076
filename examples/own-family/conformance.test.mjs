import { test } from 'node:test';
import { familyChecks } from '@veritrain/training/conformance';
import subject from './subject.mjs';

for (const { name, run } of familyChecks({ ...subject, module: import.meta.resolve('./subject.mjs') }))
  test(name, run);
