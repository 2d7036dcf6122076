import { TrainingError } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { helpOf, readArguments } from '../../bench/command/arguments.js';
import { textOf } from '../../bench/command/textTable.js';
import { rowOf, type Result } from '../../bench/rows/benchmark.js';
import { benchmarks } from '../../bench/rows/benchmarks.js';
import { peerOf, runPeers, type PeerResult } from '../../bench/support/peers.js';

const times = { seconds: 123.456, cpuSeconds: 98.765 };
const results = benchmarks.map((benchmark): Result => ({
  benchmark,
  encryptedTimes: times,
  plainTimes: { seconds: 0.0123, cpuSeconds: 0.01 },
  metric: 'test auc',
  encrypted: 0.123456,
  plain: null,
  bytesUp: 1_234_567,
  bytesDown: 655_360,
  precisionBits: 20.25,
  notes: ['a note of so many words that it does not fit into one line of a terminal, however wide'],
}));
const peer: PeerResult = {
  name: 'TenSEAL logistic, one epoch, 780 × 9',
  seconds: 160,
  cpuSeconds: 150,
  ratio: 4000,
  cpuRatio: 3900,
  metric: 'test AUC 0.7000, ours 0.7100',
};
const machine = {
  cpu: 'a processor',
  cores: 2,
  node: 'v22.0.0',
  loadBefore: 0,
  versions: { tenseal: '0.3' },
};

/** The code of a refusal. */
function codeOf(args: readonly string[]): string {
  try {
    readArguments(args, benchmarks);
  } catch (error) {
    if (error instanceof TrainingError) return error.code;
  }
  return 'none';
}

describe('npm run bench -- training', () => {
  it.each([
    ['an option', ['--wrong']],
    ['a row', ['--only', 'nothing']],
    ['a format', ['--format', 'xml']],
    ['a number of runs', ['--runs', '0']],
    ['a file', ['--framingham', '/nowhere/framingham.csv']],
    ['a folder', ['--mnist', '/nowhere']],
    ['an argument', ['linear']],
    ['a page of one row', ['--only', 'linear', '--write']],
  ])('refuses %s that it does not know with a code', (_, args) => expect(codeOf(args)).toBe('VT7501'));

  it('takes every row by its name, without other libraries', () => {
    for (const benchmark of benchmarks) {
      const { only, peers } = readArguments(['--only', benchmark.name], benchmarks);
      expect({ only, peers }).toEqual({ only: benchmark, peers: false });
    }
  });

  it('prints 80 columns, help too', () => {
    const text = textOf(machine, results, [peer], ['Left out: one.']);
    for (const line of [...text.split('\n'), ...helpOf(benchmarks).split('\n')])
      expect(line.length, line).toBeLessThanOrEqual(80);
    expect(text).toContain('TenSEAL encrypts the rows as well');
  });

  it('gives programs these fields', () => {
    expect(Object.keys(rowOf(results[0]!)).join()).toBe(
      'name,seconds,plainSeconds,metric,encrypted,plain,bytesUp,bytesDown,precisionBits',
    );
    expect(Object.keys(peerOf(peer)).join()).toBe('name,seconds,ratio,metric');
  });

  it('says in one line that there is no Python', async () => {
    const { peers, notes } = await runPeers('/nowhere/python3', results, undefined, () => undefined);
    expect(peers).toEqual([]);
    expect(notes).toEqual(['No other library ran: /nowhere/python3 cannot be started.']);
  });
});
