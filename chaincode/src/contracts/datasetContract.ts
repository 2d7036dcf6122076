import { Context, Contract, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../ledger/execute.js';
import {
  getDataset,
  getSubset,
  listDatasets,
  listTrainedModels,
  registerDataset,
  withdrawDataset,
} from './dataset/datasets.js';

/** What data owners offer. */
export class DatasetContract extends Contract {
  constructor() {
    super('DatasetContract');
  }

  @Transaction()
  @Returns('string')
  RegisterDataset(context: Context, argument: string): Promise<string> {
    return execute(context, 'RegisterDataset', argument, registerDataset);
  }

  @Transaction()
  @Returns('string')
  WithdrawDataset(context: Context, argument: string): Promise<string> {
    return execute(context, 'WithdrawDataset', argument, withdrawDataset);
  }

  @Transaction(false)
  @Returns('string')
  GetDataset(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetDataset', argument, getDataset);
  }

  @Transaction(false)
  @Returns('string')
  ListDatasets(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListDatasets', argument, listDatasets);
  }

  @Transaction(false)
  @Returns('string')
  GetSubset(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetSubset', argument, getSubset);
  }

  @Transaction(false)
  @Returns('string')
  ListTrainedModels(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListTrainedModels', argument, listTrainedModels);
  }
}
