import { VeritrainError } from '@veritrain/client-sdk';
import { rejectReasonSchema } from '@veritrain/client-sdk/schemas';
import { digestOf } from '@veritrain/client-sdk/vault';
import {
  decodeProgram,
  decodeTemplate,
  defineProgram,
  encodeProgram,
  TrainingError,
} from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { couple } from '../../../test/support/sampleRound.js';
import { datasetFactsFile } from '../datasets/datasetFacts.js';
import { splitDataset, type DatasetPrivacy } from '../datasets/splitDataset.js';
import { memberError } from '../errors/memberError.js';
import { writeAtomically } from '../home/ownFiles.js';
import { architectureOf } from '../models/modelProgram.js';
import { memberContext } from '../testing/memberContext.js';
import { approveCouple, rejectReasonOf } from './answerCouple.js';

const folder = testFolder('answer');

const refused = (code: string): Error =>
  new VeritrainError({ code, title: 'REFUSED', reason: 'Refused.', hint: '' });
const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

it('attacks 42 and 44: what an approval failed with tells why the request is rejected', () => {
  const reasons: [unknown, string | undefined][] = [
    [refused('VT0502'), 'datasetWithdrawn'],
    [refused('VT0606'), 'lifetimeExhausted'],
    [memberError('VT9230', 'Another protection.'), 'programMismatch'],
    [thrownBy(() => decodeProgram(Buffer.from('{}'))), 'programUnusable'],
    [new TrainingError('VT7507', 'Rare rows.'), 'rareRows'],
    [new TrainingError('VT7508', 'Second moments alone.'), 'programUnusable'],
    [new TrainingError('VT7510', 'Too many moments.'), 'rareRows'],
    // A damaged file of the owner's own says nothing of the program.
    [thrownBy(() => decodeTemplate(Buffer.from('{}'))), undefined],
    [refused('VT8201'), 'programUnavailable'],
    [refused('VT8101'), undefined],
    [refused('VT0403'), undefined],
  ];
  for (const [error, reason] of reasons) {
    expect(rejectReasonOf(error)).toBe(reason);
    if (reason !== undefined) expect(rejectReasonSchema.options).toContain(reason);
  }
});

describe('an approval', () => {
  const { coupleId, datasetId } = couple;
  const notShared = {
    code: 'VT7507',
    facts: { column: 'asthma', otherColumn: 'diabetes', count: 1, floor: 5 },
  };

  /** An owner of a table in which one row alone has two flags, who is asked for a logistic model. */
  async function asked(degree: 1 | 2, privacy?: DatasetPrivacy) {
    const program = defineProgram({ family: 'logistic', degree, protection: couple.terms.protection });
    const programDigest = digestOf(encodeProgram(program));
    const request = { ...couple, state: 'requested', terms: { ...couple.terms, programDigest } };
    const sent: string[] = [];
    const ledger = {
      evaluate: (name: string) =>
        Promise.resolve(
          name === 'GetModel' ? { architectureDigest: digestOf(architectureOf(program)) } : request,
        ),
      submit: (name: string) => {
        sent.push(name);
        return Promise.resolve({ result: request, transactionId: 't', blockNumber: 1n });
      },
    };
    const { member } = memberContext({ folder: folder(), ledger });
    writeAtomically(member.home.documentPath(programDigest), encodeProgram(program));
    const rows = Array.from({ length: 600 }, (_, row) =>
      [row % 3 === 0 || row === 50, row % 3 === 1 || row === 50, row % 5 < 2].map(Number).join(),
    );
    const csv = `asthma,diabetes,ill\n${rows.join('\n')}`;
    await splitDataset(
      member,
      { csv, source: 'people.csv', target: 'ill', subsets: 2, datasetId, privacy },
      {},
    );
    return { member, sent, facts: datasetFactsFile(member.home, datasetId) };
  }

  it('attack 52: of third moments is refused where two columns single a row out, unless its owner says so', async () => {
    const { member, sent } = await asked(2);
    await expect(approveCouple(member, { coupleId }, {})).rejects.toMatchObject({
      ...notShared,
      facts: { ...notShared.facts, subset: expect.any(Number) as number },
    });
    expect(sent).toEqual([]);
    await approveCouple(member, { coupleId, acceptRareRows: true }, {});
    expect(sent).toEqual(['ApproveTraining']);
  });

  it('of second moments asks for nothing more', async () => {
    const { member, sent } = await asked(1);
    await approveCouple(member, { coupleId }, {});
    expect(sent).toEqual(['ApproveTraining']);
  });

  it('of a dataset with differential privacy is refused for programs that need more than second moments', async () => {
    const privacy = { epsilon: 3, observed: true };
    const { member, sent } = await asked(2, privacy);
    const all = { coupleId, acceptRareRows: true };
    await expect(approveCouple(member, all, {})).rejects.toMatchObject({ code: 'VT7508' });
    const other = await asked(1, privacy);
    await approveCouple(other.member, { coupleId }, {});
    expect([sent, other.sent]).toEqual([[], ['ApproveTraining']]);
  });

  it('goes by the floor that the owner accepted for the split', async () => {
    const { member, sent, facts } = await asked(2);
    facts.write({ ...facts.read()!, leastCell: 1 });
    await approveCouple(member, { coupleId }, {});
    expect(sent).toEqual(['ApproveTraining']);
  });

  it('of a program that shows too many moments for the rows is refused, unless its owner says so', async () => {
    const [{ member, sent, facts }, less] = [await asked(2), await asked(1)];
    for (const file of [facts, less.facts])
      file.write({ ...file.read()!, leastCell: 1, valuesPerMoment: 80 });
    await expect(approveCouple(member, { coupleId }, {})).rejects.toMatchObject({
      code: 'VT7510',
      facts: { rows: 300, values: 900, moments: 12, least: 80 },
    });
    await approveCouple(less.member, { coupleId }, {});
    expect([sent, less.sent]).toEqual([[], ['ApproveTraining']]);
    await approveCouple(member, { coupleId, acceptRareRows: true }, {});
    expect(sent).toEqual(['ApproveTraining']);
  });

  it('attack 52: counts a split of an earlier version from its packages, and keeps the count', async () => {
    const { member, facts } = await asked(2);
    const split = facts.read()!;
    facts.write({ ...split, report: { ...split.report, pairCells: [] } });
    await expect(approveCouple(member, { coupleId }, {})).rejects.toMatchObject({ code: 'VT7507' });
    expect(facts.read()).toEqual(split);
  });
});
