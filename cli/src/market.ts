import type { Command } from 'commander';
import type { MarketConfig, MarketSettings } from '@veritrain/client-sdk';
import { isVeritrainError } from '@veritrain/client-sdk/errors';
import type { OutputOf } from '@veritrain/client-sdk/protocol';
import { z } from 'zod';
import { noun, verb } from './verb.js';
import { duration, fields, wrap } from './text.js';
import { count, durationMs } from './values.js';

/** `veritrain market …` */
export function marketCommand(): Command {
  return noun('market', 'the market itself: configure, show, tick', [configure(), show(), tick()]);
}

type MarketOpening = OutputOf<'ConfigureMarket'>;
type ConfigConfirmation = OutputOf<'ListConfirmations'>['items'][number];

const settingsFields = (settings: MarketSettings): [string, string | number][] => [
  ['Organisations', settings.votingOrganizations.join(', ')],
  ['Tick period', `${duration(settings.tickPeriodMs)}, window ${duration(settings.windowMs)}`],
  ['Deadlines', `${duration(settings.leastDeadlineMs)} to ${duration(settings.mostDeadlineMs)}`],
  ['Least replicas', settings.leastReplicas],
  ['Roles', settings.rolesFromAttributes ? 'granted by certificates' : 'open to all'],
  ['Company tags', settings.companyTagRequired ? 'required of hosts' : 'not required'],
];

async function describe(config: MarketConfig, clock?: string): Promise<string> {
  const { developmentNote } = await import('@veritrain/member/enrolment');
  const note = developmentNote(config);
  return [
    fields([
      ['Market', `${config.channel}, chaincode ${config.chaincode}`],
      ['Version', config.version],
      ...settingsFields(config.settings),
      ['Clock', clock],
    ]),
    ...(note === undefined ? [] : wrap(`This is ${note}.`)),
  ].join('\n');
}

async function describeOpening({ config, settings, missing }: MarketOpening): Promise<string> {
  if (config !== null) return describe(config);
  const next = `It holds once an administrator of ${missing.join(' and of ')} has confirmed it with the same command.`;
  return [fields([['Market', 'not configured yet'], ...settingsFields(settings)]), ...wrap(next)].join('\n');
}

const describeConfirmation = ({ mspId, settings }: ConfigConfirmation): string =>
  [`${mspId} confirmed, not in force yet:`, fields(settingsFields(settings))].join('\n');

/** The configuration; undefined where there is none yet, but there are confirmations to show. */
async function unlessUnconfigured(
  asked: Promise<MarketConfig>,
  confirmations: readonly ConfigConfirmation[],
): Promise<MarketConfig | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isVeritrainError(error, 'VT0205') && confirmations.length > 0) return undefined;
    throw error;
  }
}

const sevenDaysMs = 7 * 86_400_000;

function configure(): Command {
  return verb({
    name: 'configure',
    summary: 'confirm the market’s configuration, as an administrator of one of its organisations',
    details: [
      'A configuration holds once an administrator of every organisation that it names has confirmed the same. Until then each may confirm another one instead; veritrain market show lists the confirmations.',
      'A window may be half a tick period at most, and every deadline lasts 20 periods or more. The defaults suit a development market on one machine; in a real one a period is minutes. On a Fabric network it has to be several times the batch timeout of the orderer, or the ticks conflict with transactions that read the clock.',
    ],
    options: [
      ['--voters <mspId...>', "organisations that vote (default: this profile's alone)"],
      ['--tick <time>', 'least time between two ticks of the clock (default 500ms)'],
      ['--window <time>', 'grace of every deadline (default: half a tick)'],
      ['--least-deadline <time>', 'no deadline is shorter (default: 20 ticks)'],
      ['--most-deadline <time>', 'no deadline is longer (default: 7 days, or 100 times the least)'],
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
      mostDeadline: durationMs.optional(),
      leastReplicas: count(1, 15).default(1),
      rolesFromCertificates: z.boolean().default(false),
      companyTags: z.boolean().default(false),
    }),
    run: async (given, session) => {
      const { submit } = await import('@veritrain/member/calls');
      const member = await session.member();
      const leastDeadlineMs = given.leastDeadline ?? 20 * given.tick;
      const { result, write } = await submit(
        member,
        'ConfigureMarket',
        {
          votingOrganizations: given.voters ?? [member.market.profile.mspId],
          tickPeriodMs: given.tick,
          windowMs: given.window ?? Math.floor(given.tick / 2),
          leastDeadlineMs,
          mostDeadlineMs: given.mostDeadline ?? Math.max(sevenDaysMs, 100 * leastDeadlineMs),
          leastReplicas: given.leastReplicas,
          rolesFromAttributes: given.rolesFromCertificates,
          companyTagRequired: given.companyTags,
        },
        session.context,
      );
      return { data: result, text: await describeOpening(result), writes: [write] };
    },
  });
}

function show(): Command {
  return verb({
    name: 'show',
    summary: "the market's settings and its clock, and confirmations that do not hold yet",
    examples: ['veritrain market show', 'veritrain market show --format json'],
    input: z.strictObject({}),
    run: async (_input, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const member = await session.member();
      const { items: confirmations } = await ask(member, 'ListConfirmations', {}, session.context);
      const config = await unlessUnconfigured(ask(member, 'GetConfig', {}, session.context), confirmations);
      const pending = confirmations.map(describeConfirmation);
      if (config === undefined) return { data: { confirmations }, text: pending.join('\n\n') };
      const clock = await ask(member, 'GetClock', {}, session.context);
      const told =
        clock.sequence === 0
          ? 'no tick yet'
          : `${new Date(clock.time).toISOString()}, tick ${clock.sequence}`;
      const text = [await describe(config, told), ...pending].join('\n\n');
      return { data: { ...config, clock, confirmations }, text };
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
      const { submit } = await import('@veritrain/member/calls');
      const { result, write } = await submit(await session.member(), 'Tick', {}, session.context);
      const text = fields([['Clock', `${new Date(result.time).toISOString()}, tick ${result.sequence}`]]);
      return { data: result, text, writes: [write] };
    },
  });
}
