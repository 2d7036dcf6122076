import type { Command } from 'commander';
import type { MarketConfig } from '@veritrain/client-sdk';
import { z } from 'zod';
import { developmentNote } from '../actions/developmentMarket.js';
import { noun } from './noun.js';
import { duration, fields, wrap } from './text.js';
import { count, durationMs } from './values.js';
import { verb } from './verb.js';

/** `veritrain market …` */
export function marketCommand(): Command {
  return noun('market', 'the market itself: configure, show, tick', [configure(), show(), tick()]);
}

function describe({ settings, ...config }: MarketConfig, clock?: string): string {
  const note = developmentNote({ settings, ...config });
  return [
    fields([
      ['Market', `${config.channel}, chaincode ${config.chaincode}`],
      ['Version', config.version],
      ['Organisations', settings.votingOrganizations.join(', ')],
      ['Tick period', `${duration(settings.tickPeriodMs)}, window ${duration(settings.windowMs)}`],
      ['Least deadline', duration(settings.leastDeadlineMs)],
      ['Least replicas', settings.leastReplicas],
      ['Roles', settings.rolesFromAttributes ? 'granted by certificates' : 'open to all'],
      ['Clock', clock],
    ]),
    ...(note === undefined ? [] : wrap(`This is ${note}.`)),
  ].join('\n');
}

function configure(): Command {
  return verb({
    name: 'configure',
    summary: 'open the market, once, as an administrator of one of its organisations',
    details: [
      'A window may be half a tick period at most, and every deadline lasts 20 periods or more. The defaults suit a development market on one machine; in a real one a period is minutes. On a Fabric network it has to be several times the batch timeout of the orderer, or the ticks collide with whatever reads the clock.',
    ],
    options: [
      ['--voters <mspId...>', "organisations that vote (default: this profile's alone)"],
      ['--tick <time>', 'least time between two ticks of the clock (default 500ms)'],
      ['--window <time>', 'grace of every deadline (default: half a tick)'],
      ['--least-deadline <time>', 'no deadline is shorter (default: 20 ticks)'],
      ['--least-replicas <n>', 'replicas that every subset must have (default 1)'],
      ['--roles-from-certificates', 'only a certificate grants a role'],
      ['--company-tags', 'hosts show a company tag, so that no company fills a subset'],
    ],
    examples: [
      'veritrain market configure --voters Org1MSP Org2MSP Org3MSP --profile operator',
      'veritrain market configure --voters Org1MSP Org2MSP Org3MSP --tick 2m --least-deadline 1h --least-replicas 3',
    ],
    input: z.strictObject({
      voters: z.array(z.string().min(1)).optional(),
      tick: durationMs.default(500),
      window: durationMs.optional(),
      leastDeadline: durationMs.optional(),
      leastReplicas: count(1, 15).default(1),
      rolesFromCertificates: z.boolean().default(false),
      companyTags: z.boolean().default(false),
    }),
    run: async (given, session) => {
      const { submit } = await import('../actions/submit.js');
      const member = await session.member();
      const { result, write } = await submit(
        member,
        'ConfigureMarket',
        {
          votingOrganizations: given.voters ?? [member.market.profile.mspId],
          tickPeriodMs: given.tick,
          windowMs: given.window ?? Math.floor(given.tick / 2),
          leastDeadlineMs: given.leastDeadline ?? 20 * given.tick,
          leastReplicas: given.leastReplicas,
          rolesFromAttributes: given.rolesFromCertificates,
          companyTagRequired: given.companyTags,
        },
        session.context,
      );
      return { data: result, text: describe(result), writes: [write] };
    },
  });
}

function show(): Command {
  return verb({
    name: 'show',
    summary: "the market's settings and its clock",
    examples: ['veritrain market show', 'veritrain market show --format json'],
    input: z.strictObject({}),
    run: async (_input, session) => {
      const { ask } = await import('../actions/submit.js');
      const member = await session.member();
      const config = await ask(member, 'GetConfig', {}, session.context);
      const clock = await ask(member, 'GetClock', {}, session.context);
      const told =
        clock.sequence === 0
          ? 'no tick yet'
          : `${new Date(clock.time).toISOString()}, tick ${clock.sequence}`;
      return { data: { ...config, clock }, text: describe(config, told) };
    },
  });
}

function tick(): Command {
  return verb({
    name: 'tick',
    summary: "set the market's clock to now; agents do it while they wait",
    examples: ['veritrain market tick'],
    input: z.strictObject({}),
    run: async (_input, session) => {
      const { submit } = await import('../actions/submit.js');
      const { result, write } = await submit(await session.member(), 'Tick', {}, session.context);
      const text = fields([['Clock', `${new Date(result.time).toISOString()}, tick ${result.sequence}`]]);
      return { data: result, text, writes: [write] };
    },
  });
}
