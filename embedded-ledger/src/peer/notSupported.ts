/** Told to chaincode that asks for something of Fabric that this ledger does not do. */
export class NotSupportedError extends Error {
  override readonly name = 'NotSupportedError';

  constructor(what: string, instead: string) {
    super(`the embedded ledger does not support ${what}: ${instead}`);
  }
}
