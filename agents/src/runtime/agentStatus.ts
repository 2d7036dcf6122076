import { isRunning, MemberHome } from '@veritrain/member/home';
import { memberError } from '@veritrain/member/errors';
import { healthFile, type Health } from './health.js';
import { profileFolder } from '@veritrain/member/profile';

export interface AgentStatus {
  /** Whether the process that wrote this is still there. */
  running: boolean;
  health: Health;
}

/** What a member's agent last said of itself. @throws NOT_FOUND where none ever ran */
export function readAgentStatus(profile?: string): AgentStatus {
  const home = new MemberHome(profileFolder(profile));
  const health = healthFile(home.stateFolder).read();
  if (health === undefined) {
    throw memberError('VT9201', 'No agent of this profile ever ran.', {
      facts: { profile: home.folder },
      hint: 'Start it: `veritrain agent run`.',
    });
  }
  return { running: health.state !== 'stopped' && isRunning(health.process), health };
}
