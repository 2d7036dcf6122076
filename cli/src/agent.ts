import type { AgentWait, Health, Logger } from '@veritrain/agents';
import type { AgentMetrics } from '@veritrain/agents/metrics';
import { parseFault, servedRoles, type ServedRole } from '@veritrain/agents/roles';
import type { Command } from 'commander';
import { z } from 'zod';
import { noun, verb } from './verb.js';
import type { Answer } from './output.js';
import { fields } from './text.js';
import type { Session } from './session.js';
import { whatText } from './waitingText.js';

const logFormats = ['text', 'json'] as const;
const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** `veritrain agent` */
export const agentCommand = (): Command =>
  noun('agent', 'the daemon of a member: run, status', [runCommand(), statusCommand()]);

/** Calls that heed their signal end earlier. */
const waitForCallsMs = 2_000;

const runInput = z.strictObject({
  approve: z.enum(['auto', 'manual']).default('manual'),
  fault: z.string().optional(),
  metrics: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
    .transform(Number)
    .pipe(z.number().max(65_535, 'must be a port, 0 to 65535'))
    .optional(),
  workers: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number of threads, 0 to 999')
    .transform(Number)
    .optional(),
  logFormat: z.enum(logFormats).default('text'),
  logLevel: z.enum(logLevels).default('info'),
  untilStdinEnds: z.boolean().default(false),
});

const roleTexts: Readonly<Record<ServedRole, string>> = {
  cloudOwner: 'hosts',
  modelOwner: 'model owners',
  dataOwner: 'data owners',
};

const faultsByRole = (): string =>
  Object.entries(roleTexts)
    .map(([role, text]) => `${text} ${Object.keys(servedRoles[role as ServedRole].faults).join(', ')}`)
    .join('; ');

function runCommand(): Command {
  return verb({
    name: 'run',
    summary: 'do the work of this member’s roles, until stopped',
    details: [
      'A data owner’s agent verifies hosts, answers requests by policy and opens each round’s draw. A host’s agent computes, commits and delivers updates. A model owner’s agent sends the model out, closes rounds and finishes.',
      'It may be stopped or killed at any time: started again it goes on where the ledger says it is. It starts itself again when its profile changes, such as by `veritrain participant renew`.',
      'With --format jsonl every event goes to stdout as a line of JSON: steps with their facts and milliseconds, waits, failures. Its log goes to stderr.',
      `A fault makes a member misbehave on purpose, to show how the contract catches it: ${faultsByRole()}.`,
    ],
    options: [
      ['--approve <policy>', 'requests for training: auto or manual (default manual)'],
      ['--fault <kind>', 'misbehave on purpose'],
      ['--metrics <port>', 'serve Prometheus /metrics and /health on 127.0.0.1; 0 takes any port'],
      ['--workers <n>', 'threads that read large packages; 0 takes none (default: the cores)'],
      ['--log-format <format>', 'text or json, on stderr (default text)'],
      ['--log-level <level>', 'debug, info, warn or error (default info)'],
      ['--until-stdin-ends', 'stop when stdin ends, so that it never outlives its parent'],
    ],
    examples: [
      'veritrain agent run --profile hospital --approve auto',
      'veritrain agent run --profile host1 --metrics 9464',
    ],
    input: runInput,
    run: runAgentOf,
  });
}

async function runAgentOf(input: z.output<typeof runInput>, session: Session): Promise<Answer> {
  const { createLogger, runAgentOfProfile, underWayEnds } = await import('@veritrain/agents');
  const { openMember } = await import('@veritrain/member/profile');
  const fault = input.fault === undefined ? undefined : parseFault(input.fault);
  const member = await session.member();
  const { name } = member.market.profile;
  const stop = new AbortController();
  if (input.untilStdinEnds) {
    process.stdin.on('end', () => stop.abort()).resume();
  }
  const logger = createLogger(input.logFormat, name, input.logLevel);
  const metrics = await metricsOf(name, input.metrics, logger);
  try {
    await runAgentOfProfile(member, () => openMember(session.profile), {
      approval: input.approve,
      fault,
      workers: input.workers,
      logger,
      onEvent: (event) => {
        metrics?.observe(event);
        if (session.output.format === 'jsonl') session.output.item(event, '');
      },
      signal: AbortSignal.any([session.signal, stop.signal]),
    });
  } finally {
    await metrics?.close();
  }
  if (!(await underWayEnds(waitForCallsMs))) {
    logger.warn({ code: 'VT9243' }, 'a call of the vault hangs in the system: the process is killed');
    // An orderly exit would wait for the thread that hangs in the system.
    process.once('exit', () => process.kill(process.pid, 'SIGKILL'));
  }
  return { data: { profile: name, state: 'stopped' }, text: `The agent of ${name} stopped.` };
}

async function metricsOf(
  profile: string,
  port: number | undefined,
  logger: Logger,
): Promise<AgentMetrics | undefined> {
  if (port === undefined) return undefined;
  const { startAgentMetrics } = await import('@veritrain/agents/metrics');
  const metrics = await startAgentMetrics({ profile, port });
  logger.info({ address: metrics.address }, 'metrics are served');
  return metrics;
}

/** `the round to be closed (attempt 3, subset 1), by pt_lab, until 2026-11-01T00:00:00.000Z` */
function healthText(wait: AgentWait): string {
  const what = whatText(wait, wait.subsetIndex === null ? [] : [wait.subsetIndex]);
  const by = wait.whom.length === 0 ? '' : `, by ${wait.whom.join(', ')}`;
  return `${what}${by}${wait.until === null ? '' : `, until ${wait.until}`}`;
}

/** `prepareShard: encodeMatrix, 300 of 1,353 plaintexts` */
function progressText({ step, phase, done, of, unit }: NonNullable<Health['progress']>): string {
  return `${step}: ${phase}, ${done.toLocaleString('en')} of ${of.toLocaleString('en')} ${unit}`;
}

function statusCommand(): Command {
  return verb({
    name: 'status',
    summary: 'what this member’s agent does, and the members that it waits for',
    examples: ['veritrain agent status --profile host1', 'veritrain agent status --format json'],
    input: z.strictObject({}),
    run: async (_input, session) => {
      const { readAgentStatus } = await import('@veritrain/agents');
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
          ['Now', health.progress && progressText(health.progress)],
          ['Last error', health.lastError && `${health.lastError.at} ${health.lastError.message}`],
        ]),
        ...health.waiting.map((wait) => `Waits: ${wait.subject}: ${healthText(wait)}`),
      ];
      return { data: status, text: text.join('\n') };
    },
  });
}
