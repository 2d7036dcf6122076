// The kinds of real Fabric network that the suite runs on, and what each consists of.

/** @type {Record<string, import('@veritrain/network').NetworkChoices>} */
export const networks = {
  Fabric: { version: '3.1.5', ca: true },
  SmartBFT: { version: '3.1.5', consensus: 'bft' },
  'Raft of three': { version: '3.1.5', orderers: 3, ca: true },
  'Fabric without TLS': { version: '3.1.5', tls: false },
  'Fabric 2.5': { version: '2.5.16', ca: true },
};
