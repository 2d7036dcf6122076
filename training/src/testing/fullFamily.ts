import { z } from 'zod';
import type { HostMap, ModelFamily, SubsetReply } from '../models/family.js';
import type { Gram } from '../models/linear/gram.js';

const INPUTS = 300;
const OUTPUTS = 5;

/** What the full family keeps: the replies by subset. */
export interface Seen {
  readonly replies: Readonly<Record<string, SubsetReply>>;
}

export const query = Float64Array.from({ length: INPUTS }, (_, input) => ((input % 7) - 3) / 4);

/** A real and an imaginary matrix of a shard with five features. */
export function mapOf({ matrix, vector }: Gram): HostMap {
  const entries = (shift: number): Float64Array =>
    Float64Array.from({ length: INPUTS * OUTPUTS }, (_, place) => matrix[(place + shift) % 25]! / 10);
  return { inputs: INPUTS, outputs: OUTPUTS, matrix: entries(0), imaginary: entries(7), offset: vector };
}

/** 30 numbers of a shard. */
export const setupOf = ({ matrix, vector }: Gram): Float64Array => Float64Array.from([...matrix, ...vector]);

/** A family whose messages carry everything that messages can carry; it learns nothing. The rest is the linear one's. */
export function fullFamily(linear: ModelFamily): ModelFamily<unknown, Gram, Seen> {
  return {
    ...(linear as ModelFamily<unknown, Gram, Seen>),
    stateSchema: z.custom<Seen>(),
    messages: () => ({ inputs: INPUTS, outputs: OUTPUTS, imaginary: true, maxInput: 2, setup: 30 }),
    setup: {
      numbers: setupOf,
      isKnown: ({ replies }, subset) => Object.hasOwn(replies, String(subset)),
    },
    hostMap: mapOf,
    firstState: () => ({ replies: {} }),
    fits: () => true,
    query: () => [...query],
    isComplete: () => false,
    unusable: (_, { subset }) => (subset === 2 ? 'subset 2 is never believed' : null),
    trainingLoss: () => ({ metrics: [], subsets: [] }),
    step: ({ state }, replies) => ({
      state: {
        replies: { ...state.replies, ...Object.fromEntries(replies.map((each) => [each.subset, each])) },
      },
      figures: { gradientNorm: 0, lossEstimate: 0, boundActive: false, stepRefused: false, step: 0 },
    }),
  };
}
