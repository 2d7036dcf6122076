import { randomBytes } from 'node:crypto';
import { vaultHandle } from '@veritrain/chaincode/domain';
import { sdkError } from '../errors/veritrainError.js';

/** 256 random bits. */
export function newHandle(): string {
  return randomBytes(32).toString('hex');
}

/** Handles become file names and object keys, so nothing but these characters may pass. */
export function checkHandle(handle: string): string {
  if (vaultHandle.safeParse(handle).success) return handle;
  throw sdkError('VT8203', 'This is no handle of a vault.', { facts: { length: handle.length } });
}
