import { openMember, type Member } from '@veritrain/member/profile';
import type { StoryMember } from './storyMarket.js';

/**
 * Has a member do something on a connection of its own, which tries as often as an application's does. Members of stories
 * try for a minute: for a call that must fail, that is a minute of waiting.
 */
export async function asUsual<T>(
  { profile }: Pick<StoryMember, 'profile'>,
  doIt: (as: Member) => Promise<T>,
): Promise<T> {
  const member = await openMember(profile);
  try {
    return await doIt(member);
  } finally {
    member.close();
  }
}
