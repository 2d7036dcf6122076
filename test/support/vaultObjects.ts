import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RoundView } from '@veritrain/client-sdk';
import { canonicalHash, jobIdOf } from '@veritrain/client-sdk/protocol';
import type { StoryMarket, StoryMember } from './storyMarket.js';

// What somebody with access to the vault's disk can do.

const pathOf = ({ vault }: StoryMarket, handle: string): string =>
  join(vault, 'objects', handle.slice(0, 2), handle);

/** Changes one byte in the middle of an object. */
export function flipByte(market: StoryMarket, handle: string): void {
  const path = pathOf(market, handle);
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle]! ^= 1;
  writeFileSync(path, bytes);
}

/** Somebody puts a pipe, to which nobody writes, where an object is looked for. */
export function pipeAt(market: StoryMarket, handle: string): void {
  const path = pathOf(market, handle);
  mkdirSync(dirname(path), { recursive: true });
  execFileSync('mkfifo', [path]);
}

export function lose(market: StoryMarket, handle: string): void {
  const path = pathOf(market, handle);
  if (!existsSync(path)) throw new Error(`there is no object ${handle} to lose`);
  rmSync(path);
}

/** The same for an object that its owner may have taken away itself by now. */
export function loseIfThere(market: StoryMarket, handle: string): void {
  rmSync(pathOf(market, handle), { force: true });
}

/** Where a document of this digest lies for everybody. */
export const documentHandle = (digest: string): string =>
  canonicalHash('veritrain/public-document/1', [digest]).slice('sha256:'.length);

/** Where the updates of a round lie that these hosts committed to. */
export const updateHandles = (
  { coupleId, attempt, drawn }: RoundView,
  hosts: readonly StoryMember[],
): string[] =>
  drawn.flatMap(({ subsetIndex, slots }) =>
    slots.flatMap(({ slot, participantId }) => {
      const host = hosts.find((each) => each.participantId === participantId);
      const jobId = jobIdOf(coupleId, attempt, subsetIndex, slot);
      return host === undefined ? [] : [host.member.market.keyring.handle('update', jobId)];
    }),
  );
