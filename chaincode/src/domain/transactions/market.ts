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
      'Confirms a configuration: voting organisations, tick period, window, least and most deadline, least replicas. It holds once an administrator of every organisation that it names has confirmed the same; until then each may confirm another instead. Then the channel and the chaincode’s name are pinned, which go into every hash, and changes go by ProposeConfig; but a development market, of fewer than three, may be replaced in the same way by more organisations than it has.',
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
      'Proposes other settings. A proposal that gets no majority in time lapses; nothing waits for it.',
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
    who: 'an administrator of an organisation that votes, or that the proposal adds; one vote each',
    summary:
      'Votes on a proposal. It is adopted with a majority of those who vote, and each organisation that it adds; running couples keep their terms. A proposal that can no longer win is refused.',
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
      'Sets the clock to the transaction’s timestamp, at least a period after the last tick, and leaves a row. Endorsers refuse a timestamp further than the window from their own clocks.',
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
    summary: 'What organisations have confirmed that does not hold yet, one row for each organisation.',
    input: none,
    output: z.strictObject({ items: z.array(configConfirmation) }),
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
