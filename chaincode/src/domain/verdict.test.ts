import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalHash,
  judgeClose,
  judgeTally,
  quorumOf,
  updateCommitment,
  type SubsetAnswers,
  type TrainJob,
} from './index.js';

const place = { channel: 'market', chaincode: 'veritrain' };
const hash = (text: string) => canonicalHash('test', [text]);

/** Each slot's act: a digest's name, `report` or `silent`. */
function answers(replicas: number, acts: readonly string[]): SubsetAnswers {
  const slots = acts.map((_, slot) => ({
    instanceId: `ci_a_0_${slot}`,
    slot,
    generation: 1,
    participantId: `pt_h${slot}`,
  }));
  const jobs = acts.flatMap((act, slot): TrainJob[] => {
    const named = slots[slot];
    if (named === undefined || act === 'silent') return [];
    const nonce = hash(`nonce ${slot}`).slice(7);
    const facts = { ...place, ...named, coupleId: 'tc_a', attempt: 1, nonce };
    const reported = act === 'report';
    return [
      {
        jobId: `tj_a_1_0_${slot}`,
        coupleId: 'tc_a',
        attempt: 1,
        subsetIndex: 0,
        ...named,
        state: reported ? 'unavailable' : 'committed',
        nonce: reported ? null : nonce,
        commitment: reported ? null : updateCommitment(facts, hash(act)),
        sealed: null,
        answeredAt: { sequence: 1, time: 1, transactionId: 't' },
      },
    ];
  });
  return {
    place,
    replicas,
    jobs,
    drawn: { subsetId: 'sub_a_0', subsetIndex: 0, packageDigest: null, slots },
  };
}

const kinds = (of: SubsetAnswers, claim: string) =>
  judgeClose(of, claim)?.verdicts.map((each) => each.verdict);

describe('quorum', () => {
  it('attack 8: is ⌊n/2⌋ + 1 of the dataset’s replicas', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(quorumOf)).toEqual([1, 2, 2, 3, 3, 4, 4]);
  });
});

describe('close', () => {
  it('settles a digest that a quorum opens, and convicts who committed to another', () => {
    expect(kinds(answers(3, ['a', 'a', 'b']), hash('a'))).toEqual(['agreed', 'agreed', 'dissented']);
    expect(kinds(answers(3, ['a', 'a', 'silent']), hash('a'))).toEqual(['agreed', 'agreed', 'absent']);
    expect(kinds(answers(3, ['a', 'a', 'report']), hash('a'))).toEqual(['agreed', 'agreed', 'excused']);
  });

  it('contests what no quorum opens', () => {
    expect(judgeClose(answers(3, ['a', 'a', 'b']), hash('b'))).toBeNull();
    expect(judgeClose(answers(3, ['a', 'a', 'b']), 'undelivered')).toBeNull();
    expect(judgeClose(answers(5, ['a', 'a', 'b', 'b', 'c']), hash('a'))).toBeNull();
  });

  it('is void under a quorum of commitments, whatever is claimed, and blames no commitment', () => {
    for (const claim of [hash('a'), 'undelivered']) {
      expect(judgeClose(answers(3, ['a', 'report', 'report']), claim)).toMatchObject({
        outcome: 'void',
        digest: null,
      });
    }
    expect(kinds(answers(3, ['a', 'report', 'silent']), 'undelivered')).toEqual([
      'void',
      'excused',
      'absent',
    ]);
  });

  it('attack 8: one replica cannot be judged, two can only agree or be void', () => {
    expect(kinds(answers(1, ['a']), hash('a'))).toEqual(['unjudged']);
    expect(kinds(answers(2, ['a', 'a']), hash('a'))).toEqual(['agreed', 'agreed']);
    expect(judgeClose(answers(2, ['a', 'b']), hash('a'))).toBeNull();
    expect(kinds(answers(2, ['a', 'silent']), hash('a'))).toEqual(['void', 'absent']);
  });

  it('attack 32: vacant slots do not lower the quorum', () => {
    expect(judgeClose(answers(3, ['a']), hash('a'))).toMatchObject({ outcome: 'void' });
  });
});

describe('tally', () => {
  it('attack 2: a quorum that agrees on bytes nobody got forfeits', () => {
    const tally = judgeTally(answers(3, ['random', 'random', 'a']), [hash('random'), hash('a')]);
    expect(tally).toMatchObject({ outcome: 'forfeited', digest: hash('random') });
    expect(tally.verdicts.map((each) => each.verdict)).toEqual(['forfeited', 'forfeited', 'forfeited']);
  });

  it('forfeits without a digest where no quorum opens one, and is void under a quorum of commitments', () => {
    expect(judgeTally(answers(3, ['a', 'b', 'c']), [hash('a'), hash('b')])).toMatchObject({
      outcome: 'forfeited',
      digest: null,
    });
    expect(judgeTally(answers(3, ['a', 'silent', 'silent']), [])).toMatchObject({ outcome: 'void' });
  });
});

describe('verdicts, for any answers', () => {
  const act = fc.constantFrom('a', 'b', 'c', 'report', 'silent');
  const any = fc
    .integer({ min: 1, max: 7 })
    .chain((replicas) =>
      fc.record({ replicas: fc.constant(replicas), acts: fc.array(act, { maxLength: replicas }) }),
    );

  it('there is never a dissent without three replicas and a quorum that agreed', () => {
    fc.assert(
      fc.property(any, fc.constantFrom('a', 'b', 'c'), ({ replicas, acts }, claim) => {
        const found = kinds(answers(replicas, acts), hash(claim)) ?? [];
        const agreed = found.filter((each) => each === 'agreed').length;
        if (found.includes('dissented')) {
          expect(replicas).toBeGreaterThanOrEqual(3);
          expect(agreed).toBeGreaterThanOrEqual(quorumOf(replicas));
        }
      }),
    );
  });

  it('two different digests never both settle', () => {
    fc.assert(
      fc.property(any, ({ replicas, acts }) => {
        const settles = ['a', 'b', 'c'].filter(
          (name) => judgeClose(answers(replicas, acts), hash(name))?.outcome === 'agreed',
        );
        expect(settles.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('every named slot gets exactly one verdict, at the close and at the tally', () => {
    fc.assert(
      fc.property(any, ({ replicas, acts }) => {
        const of = answers(replicas, acts);
        const named = of.drawn.slots.map((each) => each.slot);
        expect(judgeTally(of, ['a', 'b'].map(hash)).verdicts.map((each) => each.slot)).toEqual(named);
        const close = judgeClose(of, hash('a'));
        if (close !== null) expect(close.verdicts.map((each) => each.slot)).toEqual(named);
      }),
    );
  });
});
