import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { loadProfile } from '@veritrain/client-sdk';
import { revoke, status, up } from '@veritrain/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitUntil } from '../support/couples.js';
import { describeFabric } from '../support/fabric.js';
import { redefineContract } from '../support/fabricContract.js';
import { hangNode, killNode } from '../support/fabricNodes.js';
import { withinMs } from '../support/stage.js';
import { fabricLedger, type StoryLedger } from '../support/storyLedger.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { type ExpectedFault, faultsFound, faultsLike, type FoundCheck } from './support/doctor.js';

// A member of the first organisation asks doctor what is wrong, while nodes of the network are dead. It has no access
// to any of them but its own peer's gateway.

const [first, second, third] = ['org1.example.com', 'org2.example.com', 'org3.example.com'] as const;

const noEndorsement: ExpectedFault = ['endorsement', /too few organisations endorse/, /endorsers/];

type OnNetwork = (folder: string) => Promise<unknown>;

const cases: [what: string, harm: OnNetwork, faults: ExpectedFault[], mend?: OnNetwork][] = [
  [
    'another organisation’s peer is dead',
    (folder) => killNode(folder, `peer0.${second}`),
    [
      [
        'endorsers',
        /^Org2MSP does not endorse: its peer localhost:\d+ does not answer$/,
        /The operator of Org2MSP has to restart the peer\. `veritrain network up`/,
      ],
    ],
  ],
  [
    'another organisation’s peer hangs',
    (folder) => hangNode(folder, `peer0.${third}`),
    [
      [
        'endorsers',
        /^Org3MSP does not endorse: its peer localhost:\d+ does not answer$/,
        /The operator of Org3MSP has to restart the peer/,
      ],
    ],
    // What hangs runs: it has to end first.
    (folder) => killNode(folder, `peer0.${third}`),
  ],
  [
    'another organisation’s contract is dead',
    (folder) => killNode(folder, `chaincode_1.${second}`),
    [
      [
        'endorsers',
        /^Org2MSP does not endorse: its peer localhost:\d+ answers, its contract does not$/,
        /The operator of Org2MSP has to restart the contract’s process/,
      ],
    ],
  ],
  [
    'the own organisation’s contract is dead',
    (folder) => killNode(folder, `chaincode_1.${first}`),
    [
      [
        'endorsers',
        /^Org1MSP does not endorse: its peer localhost:\d+ answers, its contract does not$/,
        /The operator of Org1MSP has to restart the contract’s process/,
      ],
      // A gateway asks its own organisation's peer first, and gives up where that one cannot run the contract.
      noEndorsement,
    ],
  ],
  [
    'a majority of the peers is dead',
    (folder) => Promise.all([second, third].map((domain) => killNode(folder, `peer0.${domain}`))),
    [
      [
        'endorsers',
        /^Org2MSP does not endorse: its peer .* does not answer; Org3MSP does not endorse: its peer .* does not answer$/,
        /The operator of Org2MSP and Org3MSP has to restart the peer/,
      ],
      noEndorsement,
    ],
  ],
  [
    'the orderer that leads is dead',
    async (folder) => killNode(folder, (await status(folder)).leader!),
    [
      [
        'orderers',
        /^no answer from 1 of 3: localhost:\d+ \(nothing listens there\); the others go on; 1 may be away at once$/,
        /The operator of each missing orderer has to restart it/,
      ],
    ],
  ],
  [
    'too many orderers are dead',
    (folder) => Promise.all([1, 2].map((number) => killNode(folder, `orderer${number}.example.com`))),
    [
      [
        'orderers',
        /^no answer from 2 of 3: .*; the others are too few, so no transaction is ordered$/,
        /has to restart it/,
      ],
    ],
  ],
  [
    'the own organisation’s peer, its gateway, is dead',
    (folder) => killNode(folder, `peer0.${first}`),
    [
      [
        'peer',
        /^VT8101 .*No connection to localhost:\d+/,
        /Check the gateway address .* the peer .* runs there/,
      ],
    ],
  ],
];

describeFabric('doctor on a network of three organisations and three orderers', () => {
  let market: StoryMarket<StoryLedger>;
  let willow: Pick<StoryMember, 'member' | 'profile'>;
  let network: string;
  const faults = (): Promise<FoundCheck[]> => faultsFound(market.folder, willow.profile);

  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: fabricLedger({ orderers: 3 }) });
    network = join(market.folder, 'ledger');
    willow = await market.enrol('willow', { organization: first });
  }, withinMs);
  afterAll(() => market?.stop());

  it('finds nothing where nothing is wrong, and writes nothing', async () => {
    const before = await willow.member.market.height();
    expect(await faults()).toEqual([]);
    expect(await willow.member.market.height()).toBe(before);
  });

  it.each(cases)(
    'finds that %s, names the fix, and is content once that is done',
    async (_, harm, expected, mend) => {
      await harm(network);
      expect(await faults()).toEqual(faultsLike(expected));
      await mend?.(network);
      await up({ folder: network });
      // Peers take some seconds to find each other.
      await waitUntil('doctor finds nothing', async () => (await faults()).length === 0, withinMs);
    },
    withinMs,
  );

  it(
    'finds that the contract was given a policy that one organisation meets alone',
    async () => {
      redefineContract(network, "OR('Org1MSP.peer','Org2MSP.peer','Org3MSP.peer')");
      const alone: ExpectedFault = [
        'policy',
        /^of 3 it takes 1 to write a result, 3 to veto a result, 2 to replace the contract: a single one can write a result$/,
        /policies that no single organisation satisfies, such as a majority/,
      ];
      // One organisation's signature is then all that an answer gets.
      const signed: ExpectedFault = ['trust', /^VT8126 /, /majority of the pinned organisations must sign/];
      await waitUntil('doctor finds nothing else', async () => (await faults()).length === 2, withinMs);
      expect(await faults()).toEqual(faultsLike([alone, signed]));
    },
    withinMs,
  );

  it(
    'finds that a member was revoked',
    async () => {
      const { certificatePem } = loadProfile(join(willow.profile, 'profile.json'));
      const enrolmentId = /^CN=(.*)$/m.exec(new X509Certificate(certificatePem).subject)?.[1] ?? '';
      await revoke({ folder: network, organization: first, enrolmentId });
      expect(await faults()).toEqual(
        faultsLike([
          [
            'peer',
            /^VT8122 .*Org1MSP does not accept this identity any more/,
            /revoked. Ask the registrar of its CA, and enrol under a new name/,
          ],
        ]),
      );
    },
    withinMs,
  );
});
