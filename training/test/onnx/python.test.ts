import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { familyNames } from '../../src/models/registry.js';
import { encodeOnnx } from '../../src/onnx/index.js';
import { customers, features, madeUpModel, recipe, strangers } from '../../src/testing/customers.js';
import { gapOf, runOnnx, type OnnxOutputs } from '../../src/testing/onnx.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Why it was left out. */
    reason?: string;
  }
}

const python = process.env.PYTHON ?? 'python3';
const program = fileURLToPath(new URL('predict.py', import.meta.url));

const hasRuntime = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import onnxruntime'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const reason = `${python} has no onnxruntime: pip install onnxruntime, or PYTHON=<another python>`;

describe.skipIf(!hasRuntime)('ONNX Runtime for Python', { meta: { reason } }, () => {
  it('predicts raw rows as ONNX Runtime for the web does', async () => {
    const rows = [...customers.slice(0, 40), ...strangers];
    const layer = { kind: 'random-layer', units: 30, seed: 'test' } as const;
    const files = familyNames.map((family) => encodeOnnx(madeUpModel(family, layer, features, { recipe })));
    const folder = mkdtempSync(join(tmpdir(), 'onnx-'));
    try {
      const paths = files.map(({ bytes }, index) => {
        const path = join(folder, `${String(index)}.onnx`);
        writeFileSync(path, bytes);
        return path;
      });
      const input = JSON.stringify({ files: paths, rows });
      const said = JSON.parse(execFileSync(python, [program], { input, encoding: 'utf8' })) as OnnxOutputs[];
      for (const [index, file] of files.entries()) {
        const own = await runOnnx(file, rows);
        expect(said[index]!.label).toEqual(own.label);
        for (const name of ['prediction', 'probabilities', 'scores'] as const)
          if (own[name] !== undefined) expect(gapOf(said[index]![name]!, own[name])).toBeLessThan(1e-12);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
