import type { Command } from 'commander';
import { noun } from './noun.js';
import { gc } from './vaultGc.js';
import { init } from './vaultInit.js';
import { use } from './vaultUse.js';

/** `veritrain vault …` */
export function vaultCommand(): Command {
  return noun('vault', "the market's vault: init, use, gc", [init(), use(), gc()]);
}
