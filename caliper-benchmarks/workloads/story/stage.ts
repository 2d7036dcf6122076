import type { DatasetDeadlines, MarketSettings } from '@veritrain/client-sdk';
import type { Cast, Member } from '../preparedMarket.js';
import type { Shape } from './shape.js';
import type { Submit } from './stepQueue.js';

/** The common settings of one worker's stories. */
export interface Stage {
  readonly cast: Cast;
  readonly shape: Shape;
  readonly settings: MarketSettings;
  /** The deadlines of the offered datasets. */
  readonly deadlines: DatasetDeadlines;
  /** Handle, digest and key of an update, sealed to the model owner, with the length of a host's. */
  readonly sealedLocation: string;
  /** Enrolled, unregistered members. A story removes the one that it registers. */
  readonly newcomers: Member[];
  readonly submit: Submit;
}
