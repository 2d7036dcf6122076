import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { common, orderer } from '@hyperledger/fabric-protos';
import { chainInfoOf } from './support/blocks.js';
import { submit, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { openNetwork } from './support/network.js';

const { BAD_REQUEST, FORBIDDEN, NOT_FOUND, SUCCESS } = common.Status;
const BEYOND = 123_456_789;
const MINUTE_MS = 60_000;
const PATIENCE_MS = 10_000;

let under: NetworkUnderTest;

beforeAll(async () => {
  under = await openNetwork();
  for (const name of ['first', 'second'])
    await submit(under.contract, 'put', `${uniquePrefix()}${name}`, 'x');
});
afterAll(async () => {
  await under?.close();
});

interface Changes {
  readonly channel?: string;
  readonly shiftMs?: number;
  readonly signature?: Uint8Array;
}

function at(number: number): orderer.SeekPosition {
  const specified = new orderer.SeekSpecified();
  specified.setNumber(number);
  const position = new orderer.SeekPosition();
  position.setSpecified(specified);
  return position;
}

function newest(): orderer.SeekPosition {
  const position = new orderer.SeekPosition();
  position.setNewest(new orderer.SeekNewest());
  return position;
}

function seek(start: orderer.SeekPosition | undefined, stop?: orderer.SeekPosition): orderer.SeekInfo {
  const info = new orderer.SeekInfo();
  info.setStart(start);
  info.setStop(stop);
  return info;
}

/** Asks a peer for blocks. @returns the numbers of the blocks that came and the status that ended them */
async function ask(
  info: orderer.SeekInfo,
  changes: Changes = {},
): Promise<{ numbers: number[]; status: number }> {
  const honest = under.network.newBlockEventsRequest({ startBlock: 0n });
  const envelope = common.Envelope.deserializeBinary(honest.getBytes());
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
  if (changes.channel !== undefined) header.setChannelId(changes.channel);
  const timestamp = header.getTimestamp()!;
  timestamp.fromDate(new Date(Date.now() + (changes.shiftMs ?? 0)));
  header.setTimestamp(timestamp);
  payload.getHeader()!.setChannelHeader(header.serializeBinary());
  payload.setData(info.serializeBinary());
  const bytes = payload.serializeBinary();
  envelope.setPayload(bytes);
  const signature = changes.signature ?? (await under.sign(bytes));
  const request = under.gateway.newSignedBlockEventsRequest(envelope.serializeBinary(), signature);
  const blocks = await request.getEvents({ deadline: Date.now() + PATIENCE_MS });
  const numbers: number[] = [];
  try {
    for await (const block of blocks as AsyncIterable<common.Block>)
      numbers.push(block.getHeader()!.getNumber());
    throw new Error('the stream ended without a status');
  } catch (error) {
    const status = /Unexpected status response: (\d+)/.exec(String(error));
    if (status === null) throw error;
    return { numbers, status: Number(status[1]) };
  } finally {
    blocks.close();
  }
}

describe('a peer that is asked for blocks', () => {
  it('gives the blocks from start to stop, then says that this was all', async () => {
    expect(await ask(seek(at(0), at(2)))).toEqual({ numbers: [0, 1, 2], status: SUCCESS });
  });

  it('knows the newest block', async () => {
    const { numbers, status } = await ask(seek(newest(), newest()));
    expect({ count: numbers.length, status }).toEqual({ count: 1, status: SUCCESS });
    expect(numbers[0]).toBeLessThan((await chainInfoOf(under)).getHeight());
  });

  it('where told not to wait, says at the end of the chain that there is no more', async () => {
    const start = (await chainInfoOf(under)).getHeight() - 1;
    const info = seek(at(start), at(BEYOND));
    info.setBehavior(orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY);
    const { numbers, status } = await ask(info);
    expect({ first: numbers[0], status }).toEqual({ first: start, status: NOT_FOUND });
  });

  it('refuses a range that ends before it begins', async () => {
    expect(await ask(seek(at(2), at(1)))).toEqual({ numbers: [], status: BAD_REQUEST });
  });

  it('refuses a request without a start or without an end', async () => {
    expect(await ask(seek(undefined, at(1)))).toEqual({ numbers: [], status: BAD_REQUEST });
    expect(await ask(seek(at(0)))).toEqual({ numbers: [], status: BAD_REQUEST });
  });

  it('refuses another’s signature', async () => {
    const signature = Buffer.from('3006020101020101', 'hex');
    expect(await ask(seek(at(0), at(1)), { signature })).toEqual({ numbers: [], status: FORBIDDEN });
  });

  it('refuses a channel that is not there', async () => {
    const channel = 'nobody-made-this';
    expect(await ask(seek(at(0), at(1)), { channel })).toEqual({ numbers: [], status: NOT_FOUND });
  });

  it.each([-16, 16])('refuses a request whose clock is %i minutes off', async (minutes) => {
    const shiftMs = minutes * MINUTE_MS;
    expect(await ask(seek(at(0), at(1)), { shiftMs })).toEqual({ numbers: [], status: BAD_REQUEST });
  });
});
