/**
 * The errors alone, for programs that explain codes and must start at once: no gRPC, no gateway client. And how long to
 * wait after one before the next try.
 * @module
 */
export { backoffMs } from './errors/backoff.js';
export type { Backoff } from './errors/backoff.js';
export { describeError, listErrors } from './errors/describe.js';
export type { DescribedError } from './errors/describe.js';
export { sdkErrors } from './errors/table.js';
export type { ErrorEntry, SdkErrorCode } from './errors/table.js';
export { VeritrainError, errorsOf, isVeritrainError } from './errors/veritrainError.js';
export type {
  Circumstances,
  ErrorFacts,
  KnownErrorName,
  NameOrCode,
  VeritrainErrorProperties,
} from './errors/veritrainError.js';
