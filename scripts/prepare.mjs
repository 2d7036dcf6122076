// What tests need beside the installation, as steps that may take as long as they take. What cannot be had is said here,
// and the tests that need it are left out by name.
import { run } from './setup.mjs';

export async function prepareTests() {
  await run('node', ['scripts/prepareMinio.mjs']);
}
