import { Context, Contract, Returns, Transaction } from 'fabric-contract-api';
import { records } from '../ledger/collections.js';
import { execute } from '../ledger/execute.js';
import { listModels, registerModel } from './model/models.js';

/** Models, pinned by digest. */
export class ModelContract extends Contract {
  constructor() {
    super('ModelContract');
  }

  @Transaction()
  @Returns('string')
  RegisterModel(context: Context, argument: string): Promise<string> {
    return execute(context, 'RegisterModel', argument, registerModel);
  }

  @Transaction(false)
  @Returns('string')
  GetModel(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetModel', argument, (tx, { modelId }) =>
      tx.find(records.model, 'model', modelId),
    );
  }

  @Transaction(false)
  @Returns('string')
  ListModels(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListModels', argument, listModels);
  }
}
