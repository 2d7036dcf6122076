import type { Command } from 'commander';
import { noun } from './noun.js';
import { deployCommand, upgradeCommand } from './networkDeploy.js';
import { downCommand } from './networkDown.js';
import { installCommand } from './networkInstall.js';
import { revokeCommand } from './networkRevoke.js';
import { statusCommand } from './networkStatus.js';
import { upCommand } from './networkUp.js';

/** `veritrain network …` */
export const networkCommand = (): Command =>
  noun('network', 'real Fabric on this machine: install, up, deploy, upgrade, status, revoke, down', [
    installCommand(),
    upCommand(),
    deployCommand(),
    upgradeCommand(),
    statusCommand(),
    revokeCommand(),
    downCommand(),
  ]);
