import type { Command } from 'commander';
import { noun } from './noun.js';
import { invite } from './datasetInvite.js';
import { list, show, withdraw } from './datasetShow.js';
import { publish, split, template } from './datasetSplit.js';

/** `veritrain dataset …` */
export function datasetCommand(): Command {
  return noun('dataset', 'tables on offer: template, split, publish, invite, list, show, withdraw', [
    split(),
    publish(),
    invite(),
    template(),
    show(),
    list(),
    withdraw(),
  ]);
}
