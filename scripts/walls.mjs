// Who may import whom (docs/architecture.md): one entry per room, read by eslint.config.mjs
// and proved by test/walls, where each entry has a fixture that must fail.

const ours = {
  contract: '@veritrain/chaincode',
  domain: '@veritrain/chaincode/domain',
  ledger: '@veritrain/embedded-ledger',
  training: '@veritrain/training',
  sdk: '@veritrain/client-sdk',
  member: '@veritrain/member/*',
  agents: '@veritrain/agents',
};

const fabricRuntime = ['fabric-shim', 'fabric-shim/**', 'fabric-contract-api', 'fabric-contract-api/**'];
const effects = [
  'node:fs',
  'node:fs/**',
  'node:net',
  'node:http',
  'node:child_process',
  'node:timers',
  'node:os',
];

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
    forbidden: ['@veritrain/**', '@hyperledger/**', '@grpc/**', 'node:net', 'node:http'],
    why: 'training is pure: no ledger, no network',
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
      'node-seal',
      '@tensorflow/**',
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
      '@veritrain/network',
      '@hyperledger/**',
      '@grpc/**',
      'minio',
      'node-seal',
      'commander',
      'pino',
      'vega',
    ],
    why: 'a member acts through the SDK and training',
  },
  {
    name: 'agents',
    files: ['agents/src/**/*.ts'],
    ignores: ['agents/src/wiring.ts'],
    forbidden: [
      ...fabricRuntime,
      ours.contract,
      ours.ledger,
      '@hyperledger/**',
      '@grpc/**',
      'minio',
      'node-seal',
    ],
    why: 'agents speak through the SDK and training; wiring.ts alone knows adapters',
  },
  {
    name: 'public-exports',
    files: ['test/**/*.ts', 'examples/**/*.ts', 'caliper-benchmarks/**/*.ts'],
    forbidden: ['**/src/**', '@veritrain/*/src/**', '@veritrain/*/dist/**'],
    why: 'what crosses packages uses public exports only',
  },
];
