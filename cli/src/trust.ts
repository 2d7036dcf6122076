import type { Command } from 'commander';
import type { PinnedOrganization } from '@veritrain/client-sdk/fabric';
import { z } from 'zod';
import { noun, verb } from './verb.js';
import { fields, wrap } from './text.js';

/** `veritrain trust …` */
export function trustCommand(): Command {
  return noun('trust', 'the organisations that this profile knows and believes: show, pin', [show(), pin()]);
}

interface Shown {
  readonly mspId: string;
  /** SHA-256 of each root and intermediate certificate. */
  readonly fingerprints: readonly string[];
  readonly peerUnit: string | null;
}

async function shownOf(organizations: readonly PinnedOrganization[]): Promise<Shown[]> {
  const { rootFingerprints } = await import('@veritrain/member/enrolment');
  return organizations.map((each) => ({
    mspId: each.mspId,
    fingerprints: rootFingerprints(each),
    peerUnit: each.peerUnit ?? null,
  }));
}

/** A fingerprint has 95 characters, so it is shown in two lines. */
const halves = (fingerprint: string): string[] => [fingerprint.slice(0, 48), fingerprint.slice(48)];

const asLines = (shown: readonly Shown[]): string[] =>
  shown.flatMap(({ mspId, fingerprints, peerUnit }) => [
    `${mspId}${peerUnit === null ? ', certificates tell no peers' : ''}`,
    ...fingerprints.flatMap(halves).map((half) => `  ${half}`),
  ]);

const believed = (majority: number, count: number): string =>
  `For steps that cannot be undone, this profile believes only answers that ${majority} of these ${count} have signed.`;

function show(): Command {
  return verb({
    name: 'show',
    summary: 'the pinned organisations, with SHA-256 of their roots to compare by phone',
    examples: ['veritrain trust show --profile hospital'],
    input: z.strictObject({}),
    run: async (_, session) => {
      const { votesNeeded } = await import('@veritrain/client-sdk/protocol');
      const { market } = await session.member();
      const organizations = await shownOf(market.profile.organizations ?? []);
      const text =
        organizations.length === 0
          ? 'Nothing is pinned.'
          : [
              ...asLines(organizations),
              '',
              ...wrap(believed(votesNeeded(organizations.length), organizations.length)),
            ].join('\n');
      return {
        data: { organizations },
        text,
        ...(organizations.length === 0 ? { next: 'veritrain trust pin' } : {}),
      };
    },
  });
}

function pin(): Command {
  return verb({
    name: 'pin',
    summary: "pin the channel's organisations: from a folder, or as the gateway tells them",
    details: [
      'A folder that came from the organisations themselves is the better source. Without one the gateway is asked, and may lie: compare each SHA-256 with its organisation over another channel before you agree.',
    ],
    options: [['--fabric <folder>', 'organisations folder, with peerOrganizations/<domain>/msp in it']],
    asks: true,
    examples: ['veritrain trust pin --fabric organizations', 'veritrain trust pin --profile lab'],
    input: z.strictObject({ fabric: z.string().min(1).optional() }),
    run: async ({ fabric }, session) => {
      const { pinOrganizations } = await import('@veritrain/member/enrolment');
      const agree = async (found: readonly PinnedOrganization[]): Promise<void> => {
        const told = fabric === undefined ? ['The gateway says that the channel consists of these:', ''] : [];
        await session.confirm([...told, ...asLines(await shownOf(found))], 'Pin them?');
      };
      const pinned = await pinOrganizations(await session.member(), { fabric }, session.context, agree);
      const organizations = await shownOf(pinned);
      const text = fields([['Pinned', organizations.map(({ mspId }) => mspId).join(', ')]]);
      return { data: { organizations }, text, next: 'veritrain doctor' };
    },
  });
}
