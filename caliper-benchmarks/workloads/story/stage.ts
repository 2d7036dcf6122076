import type { DatasetDeadlines, MarketSettings } from '@veritrain/client-sdk';
import type { Cast, Member } from '../preparedMarket.js';
import type { Shape } from './shape.js';
import type { Submit } from './stepQueue.js';

/** What the stories of one worker have in common. */
export interface Stage {
  readonly cast: Cast;
  readonly shape: Shape;
  readonly settings: MarketSettings;
  /** Of the datasets that are offered. */
  readonly deadlines: DatasetDeadlines;
  /** Sealed to the model owner, as long as a host's: handle, digest and key of an update. */
  readonly sealedLocation: string;
  /** Enrolled members whom nobody registered yet; a story takes the one that it registers. */
  readonly newcomers: Member[];
  readonly submit: Submit;
}
