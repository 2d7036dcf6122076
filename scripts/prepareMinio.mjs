// Builds MinIO for the tests, as a program of its own: the packages need a newer Node than `npm test` may be called with.
import { findMinio, haveMinio } from '../local/dist/minio.js';

if (findMinio() === undefined) {
  const started = Date.now();
  try {
    await haveMinio((command) => process.stderr.write(`Building MinIO (once): ${command} …\n`));
    process.stderr.write(`Building MinIO: ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  } catch (error) {
    process.stderr.write(`Tests will go without MinIO: ${error.message}\n`);
  }
}
