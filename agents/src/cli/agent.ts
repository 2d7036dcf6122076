import type { Command } from 'commander';
import { z } from 'zod';
import { drills, parseDrill } from '../roles/drills.js';
import type { HealthWait } from '../runtime/health.js';
import { noun } from './noun.js';
import type { Answer } from './output.js';
import { fields } from './text.js';
import type { Session } from './session.js';
import { verb } from './verb.js';
import { whatText } from './waitingText.js';

const logFormats = ['text', 'json'] as const;
const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** `veritrain agent` */
export const agentCommand = (): Command =>
  noun('agent', 'the daemon of a member: run, status', [runCommand(), statusCommand()]);

/** Calls that heed a signal end in less. */
const waitForCallsMs = 2_000;

const runInput = z.strictObject({
  approve: z.enum(['auto', 'manual']).default('manual'),
  drill: z.string().optional(),
  logFormat: z.enum(logFormats).default('text'),
  logLevel: z.enum(logLevels).default('info'),
  untilStdinEnds: z.boolean().default(false),
});

function drillsByRole(): string {
  const names = Object.entries(drills);
  const of = (wanted: string): string =>
    names
      .filter(([, role]) => role === wanted)
      .map(([name]) => name)
      .join(', ');
  return `hosts ${of('cloudOwner')}; model owners ${of('modelOwner')}; data owners ${of('dataOwner')}`;
}

function runCommand(): Command {
  return verb({
    name: 'run',
    summary: 'do what this member’s roles ask for, until stopped',
    details: [
      'A data owner’s agent verifies hosts, answers requests by policy and opens each round’s draw. A host’s computes, commits and delivers updates. A model owner’s sends the model out, closes rounds and finishes.',
      'It may be stopped or killed at any time: started again it goes on where the ledger says it is. It does so itself when its profile is changed, by `veritrain participant renew` as an example.',
      `Drills make a member misbehave on purpose, so that it can be seen caught: ${drillsByRole()}.`,
    ],
    options: [
      ['--approve <policy>', 'requests for training: auto or manual (default manual)'],
      ['--drill <kind>', 'misbehave on purpose'],
      ['--log-format <format>', 'text or json, on stderr (default text)'],
      ['--log-level <level>', 'debug, info, warn or error (default info)'],
      ['--until-stdin-ends', 'stop when stdin ends, so that it never outlives its parent'],
    ],
    examples: [
      'veritrain agent run --profile hospital --approve auto',
      'veritrain agent run --profile host1',
    ],
    input: runInput,
    run: runAgentOf,
  });
}

async function runAgentOf(input: z.output<typeof runInput>, session: Session): Promise<Answer> {
  const { createLogger } = await import('../runtime/logger.js');
  const { openMember } = await import('@veritrain/member/profile');
  const { underWayEnds } = await import('../runtime/timeLimit.js');
  const { runAgentOfProfile } = await import('../roles/runAgentOfProfile.js');
  const drill = input.drill === undefined ? undefined : parseDrill(input.drill);
  const member = await session.member();
  const { name } = member.market.profile;
  const stop = new AbortController();
  if (input.untilStdinEnds) {
    process.stdin.on('end', () => stop.abort()).resume();
  }
  const logger = createLogger(input.logFormat, name, input.logLevel);
  await runAgentOfProfile(member, () => openMember(session.profile), {
    approval: input.approve,
    drill,
    logger,
    signal: AbortSignal.any([session.signal, stop.signal]),
  });
  if (!(await underWayEnds(waitForCallsMs))) {
    logger.warn({ code: 'VT9243' }, 'a call of the vault hangs in the system: the process is ended as it is');
    // An orderly exit would wait for the system's thread that hangs.
    process.once('exit', () => process.kill(process.pid, 'SIGKILL'));
  }
  return { data: { profile: name, state: 'stopped' }, text: `The agent of ${name} stopped.` };
}

/** `the round to be closed (attempt 3, subset 1), by pt_lab, until 2026-11-01T00:00:00.000Z` */
function healthText(wait: HealthWait): string {
  const what = whatText(wait, wait.subsetIndex === null ? [] : [wait.subsetIndex]);
  const by = wait.whom.length === 0 ? '' : `, by ${wait.whom.join(', ')}`;
  return `${what}${by}${wait.until === null ? '' : `, until ${wait.until}`}`;
}

function statusCommand(): Command {
  return verb({
    name: 'status',
    summary: 'what this member’s agent does, and whom it waits for',
    examples: ['veritrain agent status --profile host1', 'veritrain agent status --format json'],
    input: z.strictObject({}),
    run: async (_input, session) => {
      const { readAgentStatus } = await import('../runtime/agentStatus.js');
      const status = readAgentStatus(session.profile);
      await session.showNames();
      const health = session.named(status.health);
      const text = [
        fields([
          ['Agent', `${health.profile} (${health.roles.join(', ')}), process ${health.process}`],
          ['State', status.running ? health.state : 'not running'],
          ['Started', health.startedAt],
          ['Last seen', health.updatedAt],
          ['Steps', `${health.steps}${health.lastStep === undefined ? '' : `, last ${health.lastStep}`}`],
          ['Last error', health.lastError && `${health.lastError.at} ${health.lastError.message}`],
        ]),
        ...health.waiting.map((wait) => `Waits: ${wait.subject}: ${healthText(wait)}`),
      ];
      return { data: status, text: text.join('\n') };
    },
  });
}
