import { duration, figure, goalOf, kilobytes, ratio } from '../command/units.js';
import type { Result } from '../rows/benchmark.js';
import type { PeerResult } from '../support/peers.js';
import type { Chart } from './chart.js';
import type { PageInput } from './page.js';

/** The page, before it is formatted. */
export function pageOf({ machine, results, peers, notes }: PageInput, charts: readonly Chart[]): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const today = new Date().toISOString().slice(0, 10);
  return [
    '# Benchmarks of training',
    'Encrypted training beside the same training in clear, and beside other libraries. All figures come from one run of',
    '',
    '```sh\nnpm run bench -- training --write --python <python with the other libraries> \\\n' +
      '  --framingham <framingham.csv> --mnist <folder> --digits <digits.csv.gz>\n```',
    `_${today}, ${machine.cores} cores of ${machine.cpu}, Node ${machine.node.slice(1)}, ${versions.join(', ')}. ` +
      `Load before the start: ${machine.loadBefore}._`,
    loadText(machine.loadBefore),
    '## Encrypted against plain',
    'One thread, WebAssembly. Every row is sanitised and end to end: encode, encrypt, serialise, compute, sanitise, decrypt, ' +
      'optimise. The clear twin runs the same code without encryption, in the same process. Bytes are of one subset in one ' +
      'round: up is a host’s reply (the first one, with its set-up, where there is one), down a query. Bits are the bits ' +
      'behind the binary point of a reply that are free of noise, where a part of the reply shows them. A ciphertext by SEAL’s ' +
      'defaults for this ring, 218 bits, takes 524 kB. Ours take 131 to 139 kB, and 262 kB where the data is encrypted, too ' +
      '(`training/src/he/ckks/bytes.test.ts` compares them).',
    rowTable(results),
    ...results.map(({ benchmark, notes: own }) =>
      [`- \`${benchmark.name}\`: ${benchmark.title}`, ...own].join('; '),
    ),
    '',
    '## Beside other libraries',
    peers.length === 0 ? 'None was found on this machine.' : peerTable(peers),
    'TenSEAL encrypts the rows as well as the weights. That is harder than what Veritrain does where its hosts hold their rows in ' +
      'clear: there the ratio compares tasks of one purpose, not of one protection. In `encrypted-data` both sides encrypt rows and ' +
      'weights; ours sends second moments of a subset once in place of each row, and sanitises what comes back. DeltaML’s protocol leaves rows in clear, as ours ' +
      'does, but sends what is not sanitised. scikit-learn protects nothing. `logistic-pass` is every row once, without the ' +
      'making of keys and what hosts encode of their rows once; so is the epoch of TenSEAL, without the encryption of its rows.',
    ...notes,
    '## Curves',
    'Times of the curves are processor seconds of all threads, which other work on the machine disturbs less than the wall clock. ' +
      'A later round does not depend on the number of rows: hosts keep moments.',
    ...charts.map(({ name, title }) => `![${title}](benchmarks-training/${name}.svg)`),
    '',
  ].join('\n\n');
}

function loadText(load: number): string {
  return load < 0.5
    ? 'The machine had no other work.'
    : 'The machine had other work meanwhile: wall clocks are longer than on an idle one, ratios are less sure. Processor time is beside them.';
}

function rowTable(results: readonly Result[]): string {
  return table(
    [
      'row',
      'encrypted',
      'CPU',
      'goal',
      'plain',
      'plain CPU',
      'ratio',
      'metric',
      'encrypted',
      'plain',
      'up kB',
      'down kB',
      'bits',
    ],
    results.map((result) => {
      const {
        benchmark,
        encryptedTimes,
        plainTimes,
        metric,
        encrypted,
        plain,
        bytesUp,
        bytesDown,
        precisionBits,
      } = result;
      return [
        benchmark.name,
        duration(encryptedTimes.seconds),
        duration(encryptedTimes.cpuSeconds),
        goalOf(benchmark),
        duration(plainTimes.seconds),
        duration(plainTimes.cpuSeconds),
        ratio(encryptedTimes.seconds / plainTimes.seconds),
        metric,
        figure(encrypted),
        figure(plain),
        kilobytes(bytesUp),
        kilobytes(bytesDown),
        precisionBits?.toFixed(1) ?? '',
      ];
    }),
  );
}

function peerTable(peers: readonly PeerResult[]): string {
  return table(
    ['library', 'time', 'CPU', 'ratio', 'ratio of CPU', 'figure'],
    peers.map(({ name, seconds, cpuSeconds, metric, ...ratios }) => [
      name,
      duration(seconds),
      duration(cpuSeconds),
      ratio(ratios.ratio),
      ratio(ratios.cpuRatio),
      metric,
    ]),
  );
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
