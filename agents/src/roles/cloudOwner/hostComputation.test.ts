import { openInstancePackage } from '@veritrain/member/instances';
import { agreedProgram } from '@veritrain/member/models';
import {
  type DataPackage,
  defineProgram,
  encodePackage,
  openPackage,
  parseTable,
  splitTable,
} from '@veritrain/training';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { testFolder } from '../../../../test/support/folder.js';
import { couple, roundWith } from '../../../../test/support/sampleRound.js';
import { isOvertaken, isStopped } from '../../runtime/failure.js';
import { roleContext } from '../../testing/roleContext.js';
import { HostComputation } from './hostComputation.js';
import { HostWork } from './hostWork.js';
import { jobsOf, UpdateStore, type HostJob } from './hostUpdate.js';

vi.mock('@veritrain/member/models', { spy: true });
vi.mock('@veritrain/member/instances', { spy: true });

const folder = testFolder('host-computation');
const { coupleId } = couple;
const agent = new AbortController().signal;
const csv = Array.from({ length: 40 }, (_, row) => `${row},${(row * 7) % 11}`).join('\n');
const { shards, template } = splitTable(parseTable(`x,target\n${csv}`), { subsets: 2 });
const shard = shards[0]!;
const opened = openPackage(encodePackage({ template, shard, shardSecret: new Uint8Array(32) }));

/** A host whose package opens when the test says so. */
function host() {
  const opening: ((opened: DataPackage) => void)[] = [];
  vi.mocked(openInstancePackage).mockImplementation(() => new Promise((resolve) => opening.push(resolve)));
  vi.mocked(agreedProgram).mockResolvedValue(defineProgram());
  const context = roleContext({
    folder: folder(),
    participantId: 'pt_host0',
    ledger: {
      couples: { get: () => Promise.resolve(couple) },
      instances: {
        list: () => {
          const [{ instanceId } = { instanceId: '' }] = jobs[0]!.subset.slots;
          const slot = { instanceId, generation: 1, datasetId: couple.datasetId };
          return Promise.resolve({
            items: [
              { ...slot, participantId: 'pt_host0' },
              { ...slot, participantId: 'pt_host1' },
            ],
            bookmark: '',
          });
        },
      },
    },
  });
  return { context, computation: new HostComputation(context), opening };
}

const jobs = jobsOf(couple, roundWith([]), 'pt_host0');
const job = (): HostJob => jobs[0]!;

/** However slow the machine is. */
const patience = { timeout: 60_000 };

/** How many packages are being opened, once there are so many. */
const openings = (opening: readonly unknown[], count: number): Promise<void> =>
  vi.waitFor(() => expect(opening).toHaveLength(count), patience);

beforeEach(() => vi.clearAllMocks());

describe('what a host prepares', () => {
  it('is made once for all that need it, before a round does', async () => {
    const { context, computation, opening } = host();
    const both = Promise.all([computation.prepare(job(), agent), computation.prepare(job(), agent)]);
    await openings(opening, 1);
    opening[0]!(opened);
    await both;
    await computation.prepare(job(), agent);
    expect(opening).toHaveLength(1);
    expect(context.takeSteps()).toEqual(['prepareShard']);
  });

  it('serves the next round where its round ends meanwhile', async () => {
    const { context, computation, opening } = host();
    const late = computation.compute(job(), agent).catch((error: unknown) => error);
    await openings(opening, 1);
    computation.signals.endRounds(coupleId, (attempt) => attempt <= job().round.attempt);
    const error = await late;
    expect([isStopped(error), isOvertaken(error)]).toEqual([true, true]);
    opening[0]!(opened);
    await computation.prepare(job(), agent);
    expect(context.takeSteps()).toEqual(['prepareShard']);
    expect(opening).toHaveLength(1);
  });

  it('stops with its couple, and begins again where one peer made its end up', async () => {
    const { context, computation, opening } = host();
    const stopped = computation.prepare(job(), agent).catch((error: unknown) => error);
    await openings(opening, 1);
    computation.forget(coupleId);
    expect(isStopped(await stopped)).toBe(true);
    const again = computation.prepare(job(), agent);
    for (const open of opening) open(opened);
    await again;
    expect(context.takeSteps()).toEqual(['prepareShard']);
  });

  it('stops with the agent', async () => {
    const { computation, opening } = host();
    const stopping = new AbortController();
    const stopped = computation.compute(job(), stopping.signal);
    await openings(opening, 1);
    stopping.abort(new Error('the agent stops'));
    await expect(stopped).rejects.toThrow('the agent stops');
  });

  it('is its own slots, once for a couple; what fails is left to the round', async () => {
    const { context, computation, opening } = host();
    const work = new HostWork(context, new UpdateStore(context), computation);
    work.prepare(couple, agent);
    work.prepare(couple, agent);
    await openings(opening, 1);
    opening[0]!(opened);
    await vi.waitFor(() => expect(context.takeSteps()).toEqual(['prepareShard']), patience);
    work.forget(coupleId);
    vi.mocked(agreedProgram).mockRejectedValueOnce(new Error('no program'));
    work.prepare(couple, agent);
    await vi.waitFor(
      () => expect(context.lines.at(-1)).toMatchObject({ level: 20, msg: 'not prepared' }),
      patience,
    );
  });
});
