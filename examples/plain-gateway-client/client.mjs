// A market's contract, called with nothing but Fabric's own gateway client. Usage: node client.mjs <ledger folder>
import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: node client.mjs <ledger folder>');
const {
  gateway: address,
  channel,
  chaincode,
  organizations,
} = JSON.parse(readFileSync(join(folder, 'connection.json'), 'utf8'));
const client = new grpc.Client(address, grpc.credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });

/** The network as a user of an organisation sees it. */
function networkOf(organization, user) {
  const domain = `org${organization}.example.com`;
  const msp = join(organizations, 'peerOrganizations', domain, 'users', `${user}@${domain}`, 'msp');
  const pem = (name) => readFileSync(join(msp, name, readdirSync(join(msp, name))[0]));
  return connect({
    client,
    identity: { mspId: `Org${organization}MSP`, credentials: pem('signcerts') },
    signer: signers.newPrivateKeySigner(createPrivateKey(pem('keystore'))),
    hash: hash.sha256,
  }).getNetwork(channel);
}

// A transaction is named by contract and function, takes one JSON object and answers with one JSON value.
const parsed = (bytes) => JSON.parse(Buffer.from(bytes).toString());
const submit = async (network, name, input) =>
  parsed(await network.getContract(chaincode).submitTransaction(name, JSON.stringify(input)));
const evaluate = async (network, name, input) =>
  parsed(await network.getContract(chaincode).evaluateTransaction(name, JSON.stringify(input)));

// What changes is told in one event for each transaction, with the changes in order.
const user = networkOf(1, 'User1');
const events = await user.getChaincodeEvents(chaincode);

// The market opens once an administrator of every organisation that votes has confirmed the same settings.
const settings = {
  votingOrganizations: ['Org1MSP', 'Org2MSP', 'Org3MSP'],
  tickPeriodMs: 1_000,
  windowMs: 500,
  leastDeadlineMs: 20_000,
  mostDeadlineMs: 86_400_000,
  leastReplicas: 3,
  rolesFromAttributes: false,
  companyTagRequired: false,
};
for (const organization of [1, 2, 3])
  await submit(networkOf(organization, 'Admin'), 'MarketContract:ConfigureMarket', settings);
console.log(
  'voting:',
  (await evaluate(user, 'MarketContract:GetConfig', {})).settings.votingOrganizations.join(', '),
);

for await (const { payload, transactionId } of events) {
  const { changes } = parsed(payload);
  console.log(
    'event:',
    changes.map(({ type }) => type).join(', '),
    `(transaction ${transactionId.slice(0, 8)}…)`,
  );
  if (changes.some(({ type }) => type === 'MarketConfigured')) break;
}
events.close();

// A refusal is a message that begins with a code and a name; each organisation that was asked says it.
try {
  await evaluate(user, 'CoupleContract:GetCouple', { coupleId: 'tc_nowhere' });
} catch (error) {
  console.log('refused:', error.details[0]?.message);
}
client.close();
