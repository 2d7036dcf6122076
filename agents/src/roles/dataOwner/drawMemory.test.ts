import { rmSync, writeFileSync } from 'node:fs';
import { type CallOptions, type TrainCouple, VeritrainError } from '@veritrain/client-sdk';
import { inMemoryKeyring, ownDrawChain } from '@veritrain/client-sdk/keys';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../../test/support/folder.js';
import { roleContext } from '../../testing/roleContext.js';
import { place } from '../../../../test/support/scriptedMarket.js';
import { couple } from '../../../../test/support/sampleRound.js';
import { DrawMemory } from './drawMemory.js';

const folder = testFolder('draws');
const { signal } = new AbortController();
const keyring = inMemoryKeyring('member');
const { coupleId } = couple;
const length = couple.terms.rounds + couple.terms.spareAttempts;
const chain = ownDrawChain({ place, keyring }, 'dataOwner', coupleId, couple.terms);
const linkOf = (attempt: number): string => chain.link(attempt);

/** What a majority of the organisations has of the couple. */
const couples = {
  get: (_: object, { trust }: CallOptions) =>
    trust === 'endorsed' ? Promise.resolve(couple) : Promise.reject(new Error('one peer was asked')),
};

const refusal = (code: string, title: string): Error =>
  new VeritrainError({ code, title, reason: 'Refused.', hint: '' });

/** An owner on a ledger on which these attempts have expired, whatever its peer says. */
function owner(...expired: number[]) {
  const asked: number[] = [];
  const expire = ({ attempt }: { attempt: number }): Promise<unknown> => {
    asked.push(attempt);
    if (expired.includes(attempt)) return Promise.resolve({});
    return Promise.reject(refusal('VT0404', 'DEADLINE_NOT_PASSED'));
  };
  const context = roleContext({ folder: folder(), ledger: { rounds: { expire }, couples }, keyring });
  return { context, asked, draws: new DrawMemory(context) };
}

/** What a peer says of the couple. */
const said = (attempts: number, opened?: number, link?: string): TrainCouple => ({
  ...couple,
  attempts,
  dataOwnerChain: {
    anchor: chain.anchor,
    opened: { attempt: opened ?? 0, link: link ?? (opened === undefined ? chain.anchor : linkOf(opened)) },
  },
});

describe('the draws of a couple', () => {
  it('are opened in order, the first without a memory', async () => {
    const { draws, asked } = owner();
    for (const attempt of [1, 2, 3]) {
      expect(await draws.nextLink(said(attempt), signal)).toBe(linkOf(attempt));
      draws.note(couple, attempt);
    }
    expect(asked).toEqual([]);
  });

  it('attack 58: a peer that says that the last attempt is open gets no link', async () => {
    const { draws, asked } = owner();
    await expect(draws.nextLink(said(length), signal)).rejects.toMatchObject({
      code: 'VT9240',
      facts: { attempt: 1, asked: length },
    });
    draws.note(couple, 1);
    await expect(draws.nextLink(said(length), signal)).rejects.toThrow('VT9240');
    expect(asked).toEqual([1, 2]);
  });

  it('attack 58: a link that the peer made up proves nothing', async () => {
    const { draws } = owner();
    const forged = said(3, 2, linkOf(1));
    await expect(draws.nextLink(forged, signal)).rejects.toThrow('VT9240');
    await expect(draws.nextLink(said(length, length + 1, linkOf(1)), signal)).rejects.toThrow('VT9240');
  });

  it('attack 58: a peer that says that the chain is shorter gets the link of the chain that was agreed on', async () => {
    const { draws } = owner();
    const shorter = { ...said(1), terms: { ...couple.terms, rounds: 1, spareAttempts: 0 } };
    expect(await draws.nextLink(shorter, signal)).toBe(linkOf(1));
  });

  it('go on after attempts that the ledger itself says are over, and ask for each once', async () => {
    const { draws, asked } = owner(1, 2);
    expect(await draws.nextLink(said(3), signal)).toBe(linkOf(3));
    expect(await draws.nextLink(said(3), signal)).toBe(linkOf(3));
    expect(asked).toEqual([1, 2]);
  });

  it('go on from the last link on the ledger where the memory was lost or damaged', async () => {
    const { draws, context, asked } = owner(3);
    draws.note(couple, 2);
    const { drawPath } = context.member.home.couple(coupleId);
    rmSync(drawPath);
    expect(await draws.nextLink(said(3, 2), signal)).toBe(linkOf(3));
    writeFileSync(drawPath, '{');
    expect(await draws.nextLink(said(4, 2), signal)).toBe(linkOf(4));
    expect(asked).toEqual([3]);
    expect(context.lines).toContainEqual(expect.objectContaining({ code: 'VT9211' }));
  });

  it('wait where the ledger is out of reach', async () => {
    const { context } = owner();
    const gone = refusal('VT8101', 'GATEWAY_UNREACHABLE');
    Object.assign(context.member.market, { rounds: { expire: () => Promise.reject(gone) } });
    await expect(new DrawMemory(context).nextLink(said(2), signal)).rejects.toBe(gone);
  });
});
