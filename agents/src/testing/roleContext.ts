import { join } from 'node:path';
import type { Keyring } from '@veritrain/client-sdk/keys';
import { MemberHome } from '@veritrain/member/home';
import pino from 'pino';
import { scriptedMarket } from '../../../test/support/scriptedMarket.js';
import type { RoleContext } from '../roles/role.js';
import { type AgentEvent, AgentEvents } from '../runtime/agentEvent.js';
import { logEvents, type Logger } from '../runtime/logger.js';
import { Steps } from '../runtime/steps.js';

interface Role extends RoleContext {
  readonly lines: Record<string, unknown>[];
  /** The steps that were done since the last call. */
  readonly takeSteps: () => string[];
}

interface Scripted {
  /** Holds the member's home, and the market's vault. */
  readonly folder: string;
  /** The ledger's answers to the calls that the test expects; any other call fails. */
  readonly ledger?: Readonly<Record<string, unknown>>;
  readonly keyring?: Keyring;
  readonly participantId?: string;
}

/** A role's surroundings: genuine keyring, vault, files and steps over a ledger that the test scripts. */
export function roleContext({ participantId = 'pt_member', ...scripted }: Scripted): Role {
  const { logger, lines } = logLines();
  const done: string[] = [];
  const note = (event: AgentEvent): void => {
    if (event.kind === 'stepDone') done.push(event.step);
  };
  const home = new MemberHome(join(scripted.folder, 'home'));
  const market = scriptedMarket(scripted);
  return {
    member: { home, market, close: () => undefined },
    market,
    participantId,
    steps: new Steps(new AgentEvents([logEvents(logger), note])),
    logger,
    lines,
    takeSteps: () => done.splice(0),
  };
}

/** A genuine logger whose lines a test reads. */
export function logLines(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { logger: pino({ level: 'debug', base: {} }, stream), lines };
}
