import { OamContract } from './oamContract.js';

/** The contracts that the chaincode runtime serves. */
export const contracts = [OamContract];
