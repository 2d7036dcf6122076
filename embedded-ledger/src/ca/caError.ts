/** An answer of a certificate authority that is an error: HTTP status, Fabric CA's code and text. */
export class CaError extends Error {
  override readonly name = 'CaError';

  constructor(
    readonly httpStatus: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Why it failed stays here, as with Fabric CA: the caller learns only that it did. */
export function authenticationFailure(): CaError {
  return new CaError(401, 20, 'Authentication failure');
}

export function authorizationFailure(): CaError {
  return new CaError(403, 71, 'Authorization failure');
}
