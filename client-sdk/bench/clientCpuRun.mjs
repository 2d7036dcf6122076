// One measured client: reads its work from stdin, submits, prints CPU time a transaction and transactions a second.
import { createPrivateKey } from 'node:crypto';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { connect, signers } from '@hyperledger/fabric-gateway';
import { connectLedger } from '@veritrain/client-sdk/fabric';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { kind, gateway, channel, chaincode, identity, pinned, transactions, inFlight } = JSON.parse(
  Buffer.concat(chunks),
);
// A query that is submitted: it writes nothing, so what is measured is the client's way and not the contract's.
const name = 'MarketContract:GetClock';

function stockClient() {
  const Client = makeGenericClientConstructor({}, '');
  const client = new Client(gateway, credentials.createInsecure());
  const connection = connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificatePem) },
    signer: signers.newPrivateKeySigner(createPrivateKey(identity.privateKeyPem)),
  });
  const contract = connection.getNetwork(channel).getContract(chaincode);
  return { submit: () => contract.submit(name, { arguments: ['{}'] }), close: () => client.close() };
}

function sdkClient() {
  const ledger = connectLedger({ address: gateway, channel, chaincode, identity, organizations: pinned });
  return { submit: () => ledger.submit({ name, argument: '{}' }), close: () => ledger.close() };
}

const { submit, close } = kind === 'stock' ? stockClient() : sdkClient();
async function submitMany(count) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await submit();
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

await submitMany(transactions / 2);
const cpu = process.cpuUsage();
const start = performance.now();
await submitMany(transactions);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({ cpuMs: (user + system) / 1000 / transactions, perSecond: transactions / seconds }),
);
close();
