import { OamContract } from './oamContract.js';

/** What the chaincode runtime serves. */
export const contracts = [OamContract];
