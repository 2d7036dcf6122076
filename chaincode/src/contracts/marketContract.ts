import { Context, Contract, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../ledger/execute.js';
import { configureMarket, listConfirmations } from './market/configure.js';
import { proposeConfig, viewProposal, voteConfig } from './market/propose.js';
import { tick } from './market/tick.js';

/** The market itself: its configuration and its clock. */
export class MarketContract extends Contract {
  constructor() {
    super('MarketContract');
  }

  @Transaction()
  @Returns('string')
  ConfigureMarket(context: Context, argument: string): Promise<string> {
    return execute(context, 'ConfigureMarket', argument, configureMarket);
  }

  @Transaction()
  @Returns('string')
  ProposeConfig(context: Context, argument: string): Promise<string> {
    return execute(context, 'ProposeConfig', argument, proposeConfig);
  }

  @Transaction()
  @Returns('string')
  VoteConfig(context: Context, argument: string): Promise<string> {
    return execute(context, 'VoteConfig', argument, voteConfig);
  }

  @Transaction()
  @Returns('string')
  Tick(context: Context, argument: string): Promise<string> {
    return execute(context, 'Tick', argument, tick);
  }

  @Transaction(false)
  @Returns('string')
  GetConfig(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetConfig', argument, (tx) => tx.config());
  }

  @Transaction(false)
  @Returns('string')
  ListConfirmations(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListConfirmations', argument, listConfirmations);
  }

  @Transaction(false)
  @Returns('string')
  GetClock(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetClock', argument, (tx) => tx.clock());
  }

  @Transaction(false)
  @Returns('string')
  GetProposal(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetProposal', argument, (tx, input) => viewProposal(tx, input.proposalId));
  }
}
