import { GatewayError } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnClient } from '../support/ownClient.js';
import { withinMs } from '../support/stage.js';
import { StoryMarket } from '../support/storyMarket.js';

// Calls that name no transaction, by a client of one's own, to the contract as it runs in production.

let market: StoryMarket;
let client: OwnClient;

beforeAll(async () => {
  market = await StoryMarket.start();
  client = new OwnClient(await market.join('host', ['cloudOwner']));
}, withinMs);
afterAll(async () => {
  client?.close();
  await market?.stop();
});

/** What each asked organisation says; fails where they endorse. */
async function refusals(args: readonly string[]): Promise<string[]> {
  const proposal = await client.proposeRaw(args);
  try {
    await proposal.endorse();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return error.details.map(({ message }) => message);
  }
  throw new Error(`endorsed: ${JSON.stringify(args)}`);
}

describe('what names no transaction', () => {
  it.each([
    [[], 'WRONG_ARGUMENTS'],
    [['MarketContract:Tick'], 'WRONG_ARGUMENTS'],
    [['MarketContract:Tick', '{}', '{}'], 'WRONG_ARGUMENTS'],
    [['__proto__:Tick', '{}'], 'UNKNOWN_TRANSACTION'],
    [['constructor:Tick', '{}'], 'UNKNOWN_TRANSACTION'],
    [['toString:Tick', '{}'], 'UNKNOWN_TRANSACTION'],
    [['org.hyperledger.fabric:NoSuch', '{}'], 'UNKNOWN_TRANSACTION'],
    [['VT0203 NOT_APPROVED: you are robbed:x', '{}'], 'UNKNOWN_TRANSACTION'],
  ] as [string[], string][])('is refused with a code, by every organisation: %j', async (args, name) => {
    const said = await refusals(args);
    expect(said.length).toBeGreaterThan(0);
    const coded = new RegExp(`^chaincode response 500, VT\\d{4} ${name}: `);
    for (const message of said) expect(message).toMatch(coded);
  });

  it('may be Fabric’s own description of the contracts, which is marked as such', async () => {
    const proposal = await client.proposeRaw(['org.hyperledger.fabric:GetMetadata']);
    const answer = Buffer.from(await proposal.evaluate()).toString('utf8');
    expect(JSON.parse(answer)).toMatchObject({
      $schema: expect.stringContaining('hyperledger') as string,
      contracts: expect.objectContaining({ MarketContract: expect.anything() as unknown }) as unknown,
    });
  });
});
