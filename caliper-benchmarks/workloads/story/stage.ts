import type { MarketSettings } from '@veritrain/client-sdk';
import type { Cast } from '../preparedMarket.js';
import type { Shape } from './shape.js';
import type { Submit } from './stepQueue.js';

/** What the stories of one worker have in common. */
export interface Stage {
  readonly cast: Cast;
  readonly shape: Shape;
  readonly settings: MarketSettings;
  /** Sealed to the model owner, as long as a host's: handle, digest and key of an update. */
  readonly sealedLocation: string;
  readonly submit: Submit;
}
