// What tests need beside the installation, as steps that may take as long as they take. What cannot be had is said here,
// and the tests that need it are left out by name.

export async function prepareTests() {
  const { findMinio, haveMinio } = await import('../local/dist/minio.js');
  if (findMinio() !== undefined) return;
  const started = Date.now();
  try {
    await haveMinio((command) => process.stderr.write(`Building MinIO (once): ${command} …\n`));
    process.stderr.write(`Building MinIO: ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  } catch (error) {
    process.stderr.write(`Tests will go without MinIO: ${error.message}\n`);
  }
}
