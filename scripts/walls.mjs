// The allowed imports (docs/architecture.md): one entry per room, read by eslint.config.mjs
// and proved by test/repo/walls.test.ts, where each entry has a fixture that must fail.

const ours = {
  contract: '@veritrain/chaincode',
  domain: '@veritrain/chaincode/domain',
  ledger: '@veritrain/embedded-ledger',
  training: '@veritrain/training',
  sdk: '@veritrain/client-sdk',
  member: '@veritrain/member/*',
  agents: '@veritrain/agents',
  local: '@veritrain/local',
  demo: '@veritrain/demo',
  cli: '@veritrain/cli',
};

const fabricRuntime = ['fabric-shim', 'fabric-shim/**', 'fabric-contract-api', 'fabric-contract-api/**'];
/** Of networks, stores and homomorphic encryption: the SDK and training stand before them. */
const adapters = ['@hyperledger/**', '@grpc/**', 'minio', 'node-seal'];
/** What starts programs: `@veritrain/local` does it for all that may import it. */
const programs = ['node:child_process', 'execa'];
const effects = [
  'node:fs',
  'node:fs/**',
  'node:net',
  'node:http',
  'node:child_process',
  'node:timers',
  'node:os',
];

/** Training knows no ledger and no network. A layer's wall repeats it: of two walls around a file the later one counts. */
const beyondTraining = ['@veritrain/**', '@hyperledger/**', '@grpc/**', 'node:net', 'node:http'];
/** Of homomorphic encryption, no layer knows who trains with it, or on what. */
const users = ['**/trainer/**', '**/data/**', '**/optimisers/**'];

/** @type {{ name: string, files: string[], ignores?: string[], forbidden: string[], forbiddenNames?: string[], why: string }[]} */
export const walls = [
  {
    name: 'domain',
    files: ['chaincode/src/domain/**/*.ts'],
    forbidden: [...fabricRuntime, ...effects, '**/ledger/**', '**/contracts/**', '@veritrain/**'],
    why: 'chaincode/src/domain knows zod and hashing, nothing else',
  },
  {
    name: 'chaincode-ledger',
    files: ['chaincode/src/ledger/**/*.ts'],
    forbidden: ['**/contracts/**', '@veritrain/**', ...effects],
    why: 'chaincode/src/ledger knows the domain and fabric-contract-api',
  },
  {
    name: 'chaincode-contracts',
    files: ['chaincode/src/contracts/**/*.ts'],
    forbidden: ['**/actions.js', '@veritrain/**', ...effects],
    why: 'what a transaction does knows nothing of the table of all',
  },
  {
    name: 'embedded-ledger',
    files: ['embedded-ledger/src/**/*.ts'],
    forbidden: ['@veritrain/**', ...fabricRuntime],
    why: 'the embedded ledger serves any contract and knows none of ours',
  },
  {
    name: 'network',
    files: ['network/src/**/*.ts'],
    forbidden: ['@veritrain/**', ...fabricRuntime],
    why: 'the network runs any contract and knows none of ours',
  },
  {
    name: 'training',
    files: ['training/src/**/*.ts'],
    forbidden: beyondTraining,
    why: 'training is pure: no ledger, no network',
  },
  {
    name: 'he-ring',
    files: ['training/src/he/ring/**/*.ts'],
    forbidden: [
      ...beyondTraining,
      ...users,
      '**/models/**',
      '**/ckks/**',
      '**/circuits/**',
      '**/backends/**',
      'node-seal',
    ],
    why: 'he/ring is the lowest layer: arithmetic modulo primes, and what a backend has to do',
  },
  {
    name: 'he-ckks',
    files: ['training/src/he/ckks/**/*.ts'],
    forbidden: [...beyondTraining, ...users, '**/models/**', '**/circuits/**', '**/backends/**'],
    why: 'he/ckks knows he/ring, and gets its backend from its caller',
  },
  {
    name: 'he-circuits',
    files: ['training/src/he/circuits/**/*.ts'],
    forbidden: [...beyondTraining, ...users, '**/backends/**', 'node-seal'],
    why: 'he/circuits knows he/ckks and he/ring, and gets its backend from its caller',
  },
  {
    name: 'he-backends',
    files: ['training/src/he/backends/**/*.ts'],
    forbidden: [...beyondTraining, ...users, '**/models/**', '**/ckks/**', '**/circuits/**', 'node-seal'],
    why: 'a backend in he/backends knows he/ring alone, so that one more is one more folder',
  },
  {
    name: 'client-sdk',
    files: ['client-sdk/src/**/*.ts'],
    forbidden: [
      ...fabricRuntime,
      `${ours.contract}/*`,
      `!${ours.domain}`,
      `!${ours.domain}/errors`,
      ours.ledger,
      ours.training,
      ours.member,
      ours.agents,
      ours.local,
      ours.demo,
      ours.cli,
      'node-seal',
      '@tensorflow/**',
      ...programs,
    ],
    // By its exact name: a pattern would close the domain below it too.
    forbiddenNames: [ours.contract],
    why: 'the SDK knows the vocabulary of the contract and the Gateway protocol',
  },
  {
    name: 'member',
    files: ['member/src/**/*.ts'],
    forbidden: [
      ...fabricRuntime,
      ours.contract,
      ours.ledger,
      ours.agents,
      ours.local,
      ours.demo,
      ours.cli,
      '@veritrain/network',
      ...adapters,
      ...programs,
      'commander',
      'pino',
      'vega',
    ],
    why: 'a member acts through the SDK and training',
  },
  {
    name: 'agents',
    files: ['agents/src/**/*.ts'],
    forbidden: [
      ...fabricRuntime,
      ours.contract,
      ours.ledger,
      ours.local,
      '@veritrain/network',
      ours.demo,
      ours.cli,
      ...adapters,
      ...programs,
      'commander',
      'cli-table3',
      'vega',
      'vega-lite',
    ],
    why: 'agents act as members, whatever network they are on',
  },
  {
    name: 'local',
    files: ['local/src/**/*.ts'],
    ignores: ['local/src/wiring.ts'],
    forbidden: [...fabricRuntime, ours.contract, ours.ledger, ours.agents, ours.demo, ours.cli, ...adapters],
    why: 'a local market is processes; wiring.ts alone knows which ledger and which contract',
  },
  {
    name: 'demo',
    files: ['demo/src/**/*.ts'],
    forbidden: [
      ...fabricRuntime,
      ours.contract,
      ours.ledger,
      ours.cli,
      ...adapters,
      ...programs,
      'commander',
      'cli-table3',
      'pino',
    ],
    why: 'the demo plays members and their agents; whoever shows it prints',
  },
  {
    name: 'cli',
    files: ['cli/src/**/*.ts'],
    forbidden: [
      ...fabricRuntime,
      ours.contract,
      ours.ledger,
      ...adapters,
      ...programs,
      'pino',
      'vega',
      'vega-lite',
    ],
    why: 'the command parses, calls member, agents, network or the demo, and prints',
  },
  {
    name: 'public-exports',
    files: ['test/**/*.ts', 'examples/**/*.ts', 'caliper-benchmarks/**/*.ts'],
    forbidden: ['**/src/**', '@veritrain/*/src/**', '@veritrain/*/dist/**'],
    why: 'what crosses packages uses public exports only',
  },
];
