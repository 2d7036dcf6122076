import type { Command } from 'commander';

export interface Noun {
  name: string;
  summary: string;
  /** Loaded only when this noun is called. */
  load: () => Promise<Command>;
}

/** Every noun, in the order in which people meet them. */
export const nouns: readonly Noun[] = [
  {
    name: 'demo',
    summary: 'run a whole market on this machine, on any table',
    load: async () => (await import('./demo/demo.js')).demoCommand(),
  },
  {
    name: 'init',
    summary: 'make a profile: an identity, a keyring, a market to connect to',
    load: async () => (await import('./init.js')).initCommand(),
  },
  {
    name: 'doctor',
    summary: 'check keys, clock, peer, vault and versions, with the fix beside each failure',
    load: async () => (await import('./doctor.js')).doctorCommand(),
  },
  {
    name: 'whoami',
    summary: 'this profile’s identity, as the ledger sees it',
    load: async () => (await import('./whoami.js')).whoamiCommand(),
  },
  {
    name: 'market',
    summary: 'the market itself: configure, show, tick',
    load: async () => (await import('./market.js')).marketCommand(),
  },
  {
    name: 'trust',
    summary: 'the organisations that this profile knows and believes: show, pin',
    load: async () => (await import('./trust.js')).trustCommand(),
  },
  {
    name: 'participant',
    summary: 'members: register, renew, show, list',
    load: async () => (await import('./participant.js')).participantCommand(),
  },
  {
    name: 'dataset',
    summary: 'tables on offer: template, split, publish, invite, list, show, withdraw',
    load: async () => (await import('./dataset.js')).datasetCommand(),
  },
  {
    name: 'instance',
    summary: 'slots of hosts: join, verify, leave, list, show',
    load: async () => (await import('./instance.js')).instanceCommand(),
  },
  {
    name: 'model',
    summary: 'models: register, list, show, export, verify, predict',
    load: async () => (await import('./model.js')).modelCommand(),
  },
  {
    name: 'couple',
    summary: 'trainings: request, approve, reject, list, show, watch, cancel',
    load: async () => (await import('./couple.js')).coupleCommand(),
  },
  {
    name: 'job',
    summary: 'the work of one host in one round: list, show',
    load: async () => (await import('./job.js')).jobCommand(),
  },
  {
    name: 'vault',
    summary: "the market's vault: init, use, gc",
    load: async () => (await import('./vault.js')).vaultCommand(),
  },
  {
    name: 'agent',
    summary: 'the daemon of a member: run, status',
    load: async () => (await import('./agent.js')).agentCommand(),
  },
  {
    name: 'network',
    summary: 'real Fabric on this machine: install, up, deploy, upgrade, status, revoke, down',
    load: async () => (await import('./network.js')).networkCommand(),
  },
  {
    name: 'explain',
    summary: 'what an error code means and what to do about it',
    load: async () => (await import('./explain.js')).explainCommand(),
  },
];
