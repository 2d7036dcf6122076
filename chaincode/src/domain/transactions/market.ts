import { z } from 'zod';
import { clock } from '../deadline.js';
import { proposalId } from '../ids.js';
import { configConfirmation, configProposal, marketConfig, marketSettings } from '../market.js';
import { durationMs } from '../primitives.js';
import { marketOpening, proposalView } from '../views.js';
import { example, exampleSettings } from './examples.js';
import { evaluate, submit } from './specification.js';

const none = z.strictObject({});

export const marketTransactions = {
  ConfigureMarket: submit({
    name: 'ConfigureMarket',
    method: 'config.configure',
    contract: 'MarketContract',
    who: 'an administrator of each voting organisation',
    summary:
      'Confirms a configuration: voting organisations, tick period, window, minimum and maximum deadline, minimum replicas. It holds once an administrator of every organisation that it names has confirmed the same. Until then each may confirm another instead. From then on the channel and the chaincode’s name, which are part of every hash, are pinned, and ProposeConfig makes changes. One exception: a larger group of organisations may replace a development market (fewer than three organisations) in the same way.',
    input: marketSettings,
    output: marketOpening,
    example: exampleSettings,
    events: ['ConfigConfirmed', 'MarketConfigured'],
    errors: ['NOT_ADMINISTRATOR', 'WINDOW_TOO_WIDE', 'DEADLINE_TOO_SHORT', 'NO_ROOM_FOR_A_ROUND', 'CONFLICT'],
  }),
  ProposeConfig: submit({
    name: 'ProposeConfig',
    method: 'config.propose',
    contract: 'MarketContract',
    who: 'an administrator of a voting organisation',
    summary:
      'Proposes other settings. A proposal without a majority lapses at its deadline; nothing waits for it.',
    input: z.strictObject({ proposalId, settings: marketSettings, voteMs: durationMs }),
    output: configProposal,
    example: {
      proposalId: example.proposal,
      settings: { ...exampleSettings, leastReplicas: 5 },
      voteMs: 7 * 86_400_000,
    },
    events: ['ConfigProposed'],
    errors: [
      'ID_OF_ANOTHER',
      'NOT_ADMINISTRATOR',
      'WINDOW_TOO_WIDE',
      'DEADLINE_TOO_SHORT',
      'DEADLINE_TOO_LONG',
      'NO_ROOM_FOR_A_ROUND',
      'CONFLICT',
    ],
  }),
  VoteConfig: submit({
    name: 'VoteConfig',
    method: 'config.vote',
    contract: 'MarketContract',
    who: 'an administrator of a voting organisation or of one that the proposal adds; one vote each',
    summary:
      'Votes on a proposal. Adoption needs a majority of the voting organisations and each organisation that the proposal adds. Running couples keep their terms. A proposal that can no longer win is refused.',
    input: z.strictObject({ proposalId, approve: z.boolean() }),
    output: proposalView,
    example: { proposalId: example.proposal, approve: true },
    events: ['ConfigVoted', 'ConfigAdopted', 'ConfigRefused'],
    errors: [
      'NOT_ADMINISTRATOR',
      'NOT_FOUND',
      'PROPOSAL_STALE',
      'DEADLINE_PASSED',
      'WRONG_STATE',
      'CONFLICT',
    ],
  }),
  Tick: submit({
    name: 'Tick',
    method: 'clock.tick',
    contract: 'MarketContract',
    who: 'anyone',
    summary:
      'Sets the clock to the transaction’s timestamp, at least a period after the last tick, and writes a row. Endorsers refuse a timestamp that differs from their own clocks by more than the window.',
    input: none,
    output: clock,
    example: {},
    events: ['ClockTicked'],
    errors: ['TICK_TOO_EARLY', 'TICK_OUT_OF_WINDOW'],
  }),
  GetConfig: evaluate({
    name: 'GetConfig',
    method: 'config.get',
    contract: 'MarketContract',
    summary: 'The market’s configuration.',
    input: none,
    output: marketConfig,
    example: {},
    errors: [],
  }),
  ListConfirmations: evaluate({
    name: 'ListConfirmations',
    method: 'config.listConfirmations',
    contract: 'MarketContract',
    summary: 'Confirmations of configurations that do not hold yet, one row for each organisation.',
    input: none,
    output: z.strictObject({
      /** In the order of their MSP ids. */
      items: z.array(configConfirmation),
    }),
    example: {},
    errors: [],
  }),
  GetClock: evaluate({
    name: 'GetClock',
    method: 'clock.get',
    contract: 'MarketContract',
    summary: 'The market’s clock: 0 and 0 before the first tick.',
    input: none,
    output: clock,
    example: {},
    errors: [],
  }),
  GetProposal: evaluate({
    name: 'GetProposal',
    method: 'config.getProposal',
    contract: 'MarketContract',
    summary: 'A configuration proposal with its votes.',
    input: z.strictObject({ proposalId }),
    output: proposalView,
    example: { proposalId: example.proposal },
    errors: ['NOT_FOUND'],
  }),
} as const;
