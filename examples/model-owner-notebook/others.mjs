import { runAgent } from '@veritrain/agents';
import { startMarket } from '@veritrain/local';
import { createMember } from '@veritrain/member';

/** A market with a hospital that offers a table, and three hosts: what a model owner finds when it comes. */
export async function openMarket(folder, table, target) {
  const market = await startMarket({ folder });
  const place = { market: market.ledger, home: folder, vault: `${folder}/vault` };
  const join = (name, role, organization) => createMember({ ...place, name, roles: [role], organization });
  const hospital = await join('hospital', 'dataOwner', 'org1.example.com');
  const hosts = [];
  for (const name of ['alder', 'birch', 'cedar'])
    hosts.push(await join(name, 'cloudOwner', 'org3.example.com'));
  const dataset = await hospital.datasets.publish(table, { target, subsets: 3 });
  for (const invite of await dataset.invite(hosts.map(({ id }) => id)))
    await hosts.find(({ id }) => id === invite.host.participantId).instances.join(invite);
  await dataset.ready();
  const work = new AbortController();
  const members = [hospital, ...hosts];
  const agents = members.map((member) => runAgent(member, { approval: 'auto', signal: work.signal }));
  return {
    join,
    async close() {
      work.abort();
      await Promise.all(agents);
      for (const member of members) member.close();
      await market.stop();
    },
  };
}
