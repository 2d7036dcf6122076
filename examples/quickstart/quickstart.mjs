// A hospital, a laboratory and three hosts train a model together. Usage: node quickstart.mjs <table.csv> <target column>
import { runAgent } from '@veritrain/agents';
import { startMarket } from '@veritrain/local';
import { createMember, openMarket } from '@veritrain/member';

const [table, target] = process.argv.slice(2);
if (target === undefined) throw new Error('Usage: node quickstart.mjs <table.csv> <target column>');

// A market on this machine, or on the Fabric network in the folder MARKET (see README.md).
const network = process.env.MARKET;
const market = network === undefined ? await startMarket({ folder: 'market' }) : undefined;
if (network !== undefined) await openMarket({ ledger: network });

// One call makes a member: enrolment with the CA, keys, profile, registration. The next start opens the same members.
const home = network === undefined ? 'market' : 'members';
const place = { market: network ?? market.ledger, home, vault: `${home}/vault` };
const join = (name, role, organization) => createMember({ ...place, name, roles: [role], organization });
const hospital = await join('hospital', 'dataOwner', 'org1.example.com');
const lab = await join('lab', 'modelOwner', 'org2.example.com');
const hosts = [];
for (const name of ['alder', 'birch', 'cedar'])
  hosts.push(await join(name, 'cloudOwner', 'org3.example.com'));

// The hospital splits its table, offers it, and hands encrypted parts to the hosts.
const dataset = await hospital.datasets.publish(table, { target, subsets: 3 });
for (const invite of await dataset.invite(hosts.map((host) => host.id)))
  await hosts.find((host) => host.id === invite.host.participantId).instances.join(invite);
await dataset.ready();
console.log(`${dataset.id} is ready: three parts, each with three hosts.`);

// Each runs its side; here in one process, elsewhere on machines of their own.
const work = new AbortController();
const options = { approval: 'auto', signal: work.signal };
const agents = [hospital, lab, ...hosts].map((member) => runAgent(member, options));

// The laboratory looks what a training would come to, asks for it, watches it, and gets a model that nobody else can read.
const terms = { dataset: dataset.id, rounds: 6 };
const quote = await lab.couples.quote(terms);
console.log(
  `6 rounds: ${quote.jobs} jobs, ${(quote.trafficBytes / 2 ** 20).toFixed(1)} MiB between the members.`,
);
const couple = await lab.couples.request(terms);
for await (const { type, attempt, subsetIndex } of couple.watch())
  if (type === 'SubsetSettled') console.log(`round ${attempt}: part ${subsetIndex} is settled.`);

const { predictions, targets, metrics } = (await couple.result()).predict(table);
console.log(`The first row: ${predictions[0].toFixed(1)} predicted, ${targets[0]} in the table.`);
console.log(`Mean squared error over ${predictions.length} rows: ${metrics[0].value.toFixed(0)}.`);

work.abort();
await Promise.all(agents);
await market?.stop();
for (const member of [hospital, lab, ...hosts]) member.close();
