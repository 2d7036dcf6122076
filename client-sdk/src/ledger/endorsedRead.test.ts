import { status } from '@grpc/grpc-js';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testConnection } from '../testing/connection.js';
import { honestPayload } from '../testing/endorsedEnvelope.js';
import { Failure, ScriptedGateway } from '../testing/scriptedGateway.js';
import { type TestOrganization, testOrganization } from '../testing/testOrganization.js';

const call = { name: 'RoundContract:GetRound', argument: '{}' };
const names = ['Org1MSP', 'Org2MSP', 'Org3MSP'];

describe('attack 58: organisations that answer one question differently', () => {
  let organizations: TestOrganization[];
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    organizations = await Promise.all(names.map(testOrganization));
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** Who answered what, as the error tells it; organisation 2 has an answer of its own. */
  async function named(whoAnswersFor: (asked: string) => string): Promise<Record<string, unknown>> {
    let answering = '';
    const server: ScriptedGateway = await new ScriptedGateway({
      endorse: () => {
        const [asked] = server.endorsers.at(-1) ?? [];
        if (asked === undefined)
          throw new Failure(status.ABORTED, 'failed', ['ProposalResponsePayloads do not match']);
        answering = whoAnswersFor(asked);
        return Buffer.from(answering === 'Org2MSP' ? '"lie"' : '"truth"');
      },
      prepare: (asked, result) =>
        honestPayload(asked, result, [organizations[names.indexOf(answering)]!.peer]),
    }).start();
    const ledger = testConnection(
      server.address,
      { attempts: 2, firstMs: 1, longestMs: 1 },
      organizations.map(({ pinned }) => pinned),
    );
    closing.push(() => {
      ledger.close();
      server.stop();
    });
    const failure = await ledger.evaluateEndorsed(call).then(
      () => undefined,
      (error: unknown) => error as { code: string; facts: Record<string, unknown> },
    );
    expect(failure?.code).toBe('VT8127');
    return failure?.facts ?? {};
  }

  it('are told apart', async () => {
    const { Org1MSP, Org2MSP, Org3MSP } = await named((asked) => asked);
    expect(Org1MSP).toMatch(/^[0-9a-f]{16}$/);
    expect(Org3MSP).toBe(Org1MSP);
    expect(Org2MSP).not.toBe(Org1MSP);
  });

  it('are not mistaken for each other where the gateway asks another one than it should', async () => {
    const { Org1MSP, Org2MSP } = await named((asked) => (asked === 'Org1MSP' ? 'Org2MSP' : 'Org1MSP'));
    expect({ Org1MSP, Org2MSP }).toEqual({
      Org1MSP: 'signed by Org2MSP',
      Org2MSP: 'signed by Org1MSP',
    });
  });
});
