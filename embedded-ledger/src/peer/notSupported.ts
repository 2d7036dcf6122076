/** The error for chaincode that uses a Fabric feature that this ledger does not have. */
export class NotSupportedError extends Error {
  override readonly name = 'NotSupportedError';

  constructor(what: string, instead: string) {
    super(`the embedded ledger does not support ${what}: ${instead}`);
  }
}
