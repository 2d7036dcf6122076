import type { Member } from '@veritrain/member/profile';
import { asUsual } from './asUsual.js';
import { LyingGateway, type Lies } from './lyingGateway.js';
import type { StoryMember } from './storyMarket.js';

/** Has a member do something on a connection of its own to a gateway that lies. */
export const throughLiar = <T>(
  { profile }: Pick<StoryMember, 'profile'>,
  lies: Lies,
  doIt: (as: Member) => Promise<T>,
): Promise<T> => LyingGateway.inFrontOf(profile, lies, () => asUsual({ profile }, doIt));
