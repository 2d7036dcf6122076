import type { Command } from 'commander';
import { approve, cancel, reject } from './coupleAnswer.js';
import { request } from './coupleRequest.js';
import { list, show } from './coupleShow.js';
import { watch } from './coupleWatch.js';
import { noun } from './noun.js';

/** `veritrain couple …` */
export function coupleCommand(): Command {
  return noun('couple', 'trainings: request, approve, reject, list, show, watch, cancel', [
    request(),
    approve(),
    reject(),
    show(),
    list(),
    watch(),
    cancel(),
  ]);
}
