import { peer } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testConnection } from '../testing/connection.js';
import {
  type AskedCall,
  honestPayload,
  payloadOf,
  responsePayload,
  transactionActionOf,
  transactionOf,
} from '../testing/endorsedEnvelope.js';
import { ScriptedGateway } from '../testing/scriptedGateway.js';
import { type TestOrganization, testOrganization } from '../testing/testOrganization.js';
import type { Ledger } from './types.js';

const call = { name: 'MarketContract:Tick', argument: '{}' };
const answer = Buffer.from('{"ok":true}');
/** The gateway client reads what it gets before the SDK does, and fails at bytes that are no transaction. */
const refused: unknown = expect.stringMatching(/^VT8(105|12[45])$/);

/** A length-delimited field with a number under 16. */
function field(number: number, bytes: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length, rest]), bytes]);
}

/** What peers would have to read to do something else in the client's name. */
function otherInput(chaincode: string): Uint8Array {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(chaincode);
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from('DatasetContract:WithdrawDataset'), Buffer.from('{}')]);
  const specification = new peer.ChaincodeSpec();
  specification.setChaincodeId(chaincodeId);
  specification.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(specification);
  return invocation.serializeBinary();
}

describe('a gateway that prepares another transaction', () => {
  let organizations: TestOrganization[];
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    organizations = await Promise.all(['Org1MSP', 'Org2MSP', 'Org3MSP'].map(testOrganization));
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  const peers = () => organizations.slice(0, 2).map((each) => each.peer);
  const pins = () => organizations.map(({ pinned }) => pinned);

  async function given(
    prepare: (asked: AskedCall, result: Uint8Array) => Uint8Array,
    pinned = true,
  ): Promise<[ScriptedGateway, Ledger]> {
    const server = await new ScriptedGateway({
      endorse: () => answer,
      commitStatus: () => 0,
      prepare,
    }).start();
    const ledger = testConnection(server.address, {}, pinned ? pins() : undefined);
    closing.push(() => {
      ledger.close();
      server.stop();
    });
    return [server, ledger];
  }

  it('passes an honest transaction, and its answer', async () => {
    const [server, ledger] = await given((asked, result) => honestPayload(asked, result, peers()));
    expect(Buffer.from((await ledger.submit(call)).result)).toEqual(answer);
    expect(server.asked).toEqual(['endorse', 'submit', 'commitStatus']);
  });

  it('attack 57: gets no signature under bytes that peers read as a proposal', async () => {
    const [server, ledger] = await given((asked, result) => {
      const { header, input, chaincode } = asked;
      const signed = responsePayload(asked, result);
      const endorsements = peers().map((each) => each.endorse(signed));
      const honest = transactionOf(transactionActionOf({ header, input, signed, endorsements }));
      // The gateway client reads the first action. In a proposal the same field is the call, and its last one counts.
      return payloadOf(header, Buffer.concat([honest, field(1, otherInput(chaincode))]));
    });
    await expect(ledger.submit(call)).rejects.toMatchObject({ code: 'VT8124' });
    expect(server.asked).toEqual(['endorse']);
  });

  it('attack 57: gets no signature under another call, however well it is endorsed', async () => {
    const [server, ledger] = await given((asked, result) => {
      const input = field(1, otherInput(asked.chaincode));
      return honestPayload({ ...asked, input }, result, peers());
    });
    await expect(ledger.submit(call)).rejects.toMatchObject({ code: 'VT8124' });
    expect(server.asked).toEqual(['endorse']);
  });

  it.each<[string, (asked: AskedCall) => Uint8Array]>([
    [
      'a second action',
      ({ header, input, ...rest }) => {
        const signed = responsePayload({ header, input, ...rest }, answer);
        const action = transactionActionOf({ header, input, signed, endorsements: [] });
        return payloadOf(header, transactionOf(action, action));
      },
    ],
    ['no action', ({ header }) => payloadOf(header, transactionOf())],
    [
      'an answer to another call',
      (asked) => {
        const { header, input } = asked;
        const signed = responsePayload({ ...asked, input: Buffer.from('another') }, answer);
        return payloadOf(
          header,
          transactionOf(transactionActionOf({ header, input, signed, endorsements: [] })),
        );
      },
    ],
    ['nothing', () => Buffer.alloc(0)],
    ['bytes that are no message', () => Buffer.from('ff'.repeat(40), 'hex')],
  ])('attack 57: gets no signature under %s, and no roots are needed to see it', async (_, prepare) => {
    const [server, ledger] = await given(prepare, false);
    await expect(ledger.submit(call)).rejects.toMatchObject({ code: refused });
    expect(server.asked).toEqual(['endorse']);
  });

  it('attack 57: gets no signature under an answer that strangers endorsed', async () => {
    const stranger = await testOrganization('Org2MSP');
    const endorsers = [organizations[0]!.peer, stranger.peer];
    const [server, ledger] = await given((asked, result) => honestPayload(asked, result, endorsers));
    await expect(ledger.submit(call)).rejects.toMatchObject({
      code: 'VT8125',
      facts: { organization: 'Org2MSP' },
    });
    expect(server.asked).toEqual(['endorse']);
  });

  it('attack 57: takes no member for a peer of its organisation', async () => {
    const endorsers = organizations.map((each) => each.client);
    const [, ledger] = await given((asked, result) => honestPayload(asked, result, endorsers));
    await expect(ledger.submit(call)).rejects.toMatchObject({ code: 'VT8125' });
    await expect(ledger.evaluateEndorsed(call)).rejects.toMatchObject({ code: 'VT8125' });
  });

  it('attack 57: signs no prepared transaction of which any byte was changed, left out or added', async () => {
    let mutate = (bytes: Buffer): Buffer => bytes;
    const [server, ledger] = await given((asked, result) =>
      mutate(Buffer.from(honestPayload(asked, result, peers()))),
    );
    const change = fc.oneof(
      fc.record({
        kind: fc.constant('flip' as const),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        bit: fc.nat(7),
      }),
      fc.record({
        kind: fc.constant('cut' as const),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({
        kind: fc.constant('insert' as const),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      }),
      fc.record({
        kind: fc.constant('append' as const),
        number: fc.integer({ min: 1, max: 15 }),
        bytes: fc.uint8Array({ maxLength: 40 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(change, async (each) => {
        mutate = (bytes) => {
          if (each.kind === 'append') return Buffer.concat([bytes, field(each.number, each.bytes)]);
          const at = Math.min(bytes.length - 1, Math.floor(each.at * bytes.length));
          const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
          if (each.kind === 'cut') return Buffer.concat([before, after.subarray(each.length)]);
          if (each.kind === 'insert') return Buffer.concat([before, each.bytes, after]);
          const changed = Buffer.from(bytes);
          changed[at]! ^= 1 << each.bit;
          return changed;
        };
        await expect(ledger.submit(call)).rejects.toMatchObject({
          code: refused,
        });
      }),
      { numRuns: 400 },
    );
    expect(server.asked).not.toContain('submit');
  });

  it('an endorsed read is what a majority of the pinned organisations signed', async () => {
    const [server, ledger] = await given((asked, result) => honestPayload(asked, result, peers()));
    expect(Buffer.from(await ledger.evaluateEndorsed(call))).toEqual(answer);
    expect(server.asked).toEqual(['endorse']);
  });

  it('attack 58: takes the word of one organisation for no endorsed answer, said once or twice', async () => {
    const one = organizations[0]!.peer;
    for (const endorsers of [[], [one], [one, one]]) {
      const [, ledger] = await given((asked, result) => honestPayload(asked, result, endorsers));
      await expect(ledger.evaluateEndorsed(call)).rejects.toMatchObject({
        code: 'VT8126',
        facts: { needed: 2 },
      });
    }
  });

  it('attack 58: takes no endorsed answer a second time', async () => {
    let first: Uint8Array | undefined;
    const [, ledger] = await given((asked, result) => (first ??= honestPayload(asked, result, peers())));
    await ledger.evaluateEndorsed(call);
    await expect(ledger.evaluateEndorsed(call)).rejects.toMatchObject({ code: 'VT8124' });
  });

  it('cannot be asked for an endorsed answer where nothing is pinned', async () => {
    const server = await new ScriptedGateway({ endorse: () => answer }).start();
    const ledger = testConnection(server.address);
    await expect(ledger.evaluateEndorsed(call)).rejects.toMatchObject({ code: 'VT8128' });
    ledger.close();
    server.stop();
  });
});
