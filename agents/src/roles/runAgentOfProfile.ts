import { setTimeout as delay } from 'node:timers/promises';
import { type LoadedProfile, loadProfile } from '@veritrain/client-sdk';
import type { Member } from '@veritrain/member/profile';
import { requireParticipant } from '@veritrain/member/enrolment';
import { describeFailure } from '../runtime/failure.js';
import type { Logger } from '../runtime/logger.js';
import { runAgent, type AgentOptions } from './runAgent.js';

const checkEveryMs = 5_000;

/** The options of an agent that says in its log when its profile changes. */
export interface LoggedAgentOptions extends AgentOptions {
  /** Writes a line for each step, each failure, and each change of the profile. */
  readonly logger: Logger;
}

/**
 * Runs the agent of a member until the signal fires. Whenever the profile changes (a renewed certificate, another place in
 * the vault), the agent starts again with the new one. If the new profile does not work, the agent goes on with the old.
 *
 * @param open connects the member with its current profile
 * @throws what {@link runAgent} throws
 */
export async function runAgentOfProfile(
  first: Member,
  open: () => Promise<Member>,
  options: LoggedAgentOptions,
): Promise<void> {
  let member = first;
  try {
    while (!options.signal.aborted) {
      const next = await runUntilChanged(member, open, options);
      if (next === undefined) return;
      if (member !== first) member.close();
      member = next;
    }
  } finally {
    if (member !== first) member.close();
  }
}

/** @returns the member with its new profile; undefined where the agent was told to stop */
async function runUntilChanged(
  member: Member,
  open: () => Promise<Member>,
  options: LoggedAgentOptions,
): Promise<Member | undefined> {
  const ended = new AbortController();
  const changed = new AbortController();
  const next = successor(member, open, {
    ...options,
    signal: AbortSignal.any([options.signal, ended.signal]),
  }).finally(() => changed.abort());
  try {
    await runAgent(member, { ...options, signal: AbortSignal.any([options.signal, changed.signal]) });
  } finally {
    ended.abort();
  }
  return next;
}

/** Waits for another profile that works. */
async function successor(
  member: Member,
  open: () => Promise<Member>,
  { logger, signal }: Pick<LoggedAgentOptions, 'logger' | 'signal'>,
): Promise<Member | undefined> {
  let warned: string | undefined;
  while (await pause(signal)) {
    try {
      if (isSame(loadProfile(member.home.profilePath), member.market.profile)) continue;
      const next = await openParticipant(open, signal);
      logger.info('the profile was changed, so the agent starts again with it');
      return next;
    } catch (error) {
      const failure = describeFailure(error);
      // Once for each error, though the profile is read again and again.
      if (failure.message !== warned)
        logger.warn(failure, 'the profile was changed and does not work: the agent goes on as before');
      warned = failure.message;
    }
  }
  return undefined;
}

/** @returns false once the signal fired */
const pause = (signal: AbortSignal): Promise<boolean> =>
  delay(checkEveryMs, true, { signal }).catch(() => false);

async function openParticipant(open: () => Promise<Member>, signal: AbortSignal): Promise<Member> {
  const member = await open();
  try {
    await requireParticipant(member, { signal });
    return member;
  } catch (error) {
    member.close();
    throw error;
  }
}

const isSame = (left: LoadedProfile, right: LoadedProfile): boolean =>
  JSON.stringify(left) === JSON.stringify(right);
