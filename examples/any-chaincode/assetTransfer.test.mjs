import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';
import { startLedger } from '@veritrain/embedded-ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';

const data = mkdtempSync(join(tmpdir(), 'asset-transfer-'));
let ledger;
let client;

beforeAll(async () => {
  ledger = await startLedger({ chaincode: import.meta.dirname, data, port: 0, caPort: 0 });
  client = new grpc.Client(ledger.gateway, grpc.credentials.createInsecure(), {
    'grpc.enable_http_proxy': 0,
  });
}, 60_000);
afterAll(async () => {
  client?.close();
  await ledger?.close();
  rmSync(data, { recursive: true, force: true });
});

/** The contract as a user of an organisation calls it. */
function contractOf(organization, user = 'User1') {
  const domain = `org${organization}.example.com`;
  const msp = join(data, 'organizations/peerOrganizations', domain, 'users', `${user}@${domain}`, 'msp');
  const pem = (folder) => readFileSync(join(msp, folder, readdirSync(join(msp, folder))[0]));
  const gateway = connect({
    client,
    identity: { mspId: `Org${organization}MSP`, credentials: pem('signcerts') },
    signer: signers.newPrivateKeySigner(createPrivateKey(pem('keystore'))),
    hash: hash.sha256,
  });
  const network = gateway.getNetwork('market');
  return { network, contract: network.getContract(ledger.chaincode) };
}

const parsed = (bytes) => JSON.parse(Buffer.from(bytes).toString());

test('an asset belongs to whoever made it', async () => {
  const { contract } = contractOf(1);
  const asset = parsed(await contract.submitTransaction('Create', 'lamp', 'green'));
  expect(asset).toMatchObject({ id: 'lamp', colour: 'green' });
  expect(asset.owner).toContain('User1@org1.example.com');
  expect(parsed(await contract.evaluateTransaction('List'))).toEqual([asset]);
});

test('nobody else hands it on, and an asset is made once', async () => {
  const other = contractOf(2).contract;
  await expect(other.submitTransaction('Transfer', 'lamp', 'me')).rejects.toMatchObject({
    details: [{ message: expect.stringContaining('asset lamp is not yours') }],
  });
  await expect(other.submitTransaction('Create', 'lamp', 'red')).rejects.toThrow();
});

test('its owner does, and whoever listens hears of it', async () => {
  const { contract, network } = contractOf(1);
  const events = await network.getChaincodeEvents(ledger.chaincode);
  await contract.submitTransaction('Transfer', 'lamp', 'somebody else');
  for await (const { eventName, payload } of events) {
    expect([eventName, parsed(payload)]).toEqual(['Transferred', { id: 'lamp', to: 'somebody else' }]);
    break;
  }
  events.close();
});

test('two who write the same key at once: one of them is told of the conflict', async () => {
  const { contract } = contractOf(1);
  await contract.submitTransaction('Create', 'vase', 'blue');
  const proposals = ['first', 'second'].map((owner) =>
    contract.newProposal('Transfer', { arguments: ['vase', owner] }),
  );
  const endorsed = await Promise.all(proposals.map((proposal) => proposal.endorse()));
  const commits = await Promise.all(endorsed.map((transaction) => transaction.submit()));
  const statuses = await Promise.all(commits.map((commit) => commit.getStatus()));
  expect(statuses.filter(({ successful }) => successful)).toHaveLength(1);
});
