/** An error response of a certificate authority: HTTP status, Fabric CA's code and text. */
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

/** As in Fabric CA, the caller learns only that authentication failed, not why. */
export function authenticationFailure(): CaError {
  return new CaError(401, 20, 'Authentication failure');
}

export function authorizationFailure(): CaError {
  return new CaError(403, 71, 'Authorization failure');
}
