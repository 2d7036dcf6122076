import { envelopeSchema, exitStatus, itemLineSchema } from '@veritrain/cli';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandBlock, readCommandBlocks } from './support/document.js';
import { type Ended, readHome, Terminals } from './support/terminals.js';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const blocks = readCommandBlocks(join(repository, 'docs', 'first-market.md'));
const isSetup = ({ script }: CommandBlock): boolean => script.startsWith('npm ci');

const terminals = new Terminals(repository);
const outputs: { block: CommandBlock; ended: Ended }[] = [];

/** What the commands under a heading printed. */
const printedUnder = (heading: string): string =>
  outputs.flatMap(({ block, ended }) => (block.heading === heading ? [ended.stdout] : [])).join('');

beforeAll(async () => {
  for (const block of blocks) {
    if (isSetup(block)) continue;
    if (block.terminal !== undefined) {
      await terminals.occupy(block);
      continue;
    }
    const ended = await terminals.type(block.script);
    outputs.push({ block, ended });
    if (ended.status !== 0) return;
  }
}, 600_000);
afterAll(() => terminals.close());

describe('docs/first-market.md', () => {
  it('has every command of it succeed, as it stands', () => {
    for (const { block, ended } of outputs) {
      expect(ended, `line ${block.line.toString()}:\n${block.script}\n${ended.stderr}`).toMatchObject({
        status: exitStatus.done,
      });
    }
    const typed = blocks.filter((block) => block.terminal === undefined && !isSetup(block));
    expect(outputs).toHaveLength(typed.length);
  });

  it('begins with the two commands that this test itself begins with', () => {
    expect(blocks.filter(isSetup)).toMatchObject([{ script: 'npm ci\nnpm run build\n' }]);
  });

  it('ends in a predicted row, with an error near that of plain training', () => {
    const printed = printedUnder('The lab predicts');
    expect(printed).toMatch(/^2 +\d+\.\d+ +151$/m);
    const [, error] = /Mean squared error +([\d.]+)/.exec(printed) ?? [];
    expect(Number(error)).toBeGreaterThan(2800);
    expect(Number(error)).toBeLessThan(2950);
    const model: unknown = JSON.parse(readHome(terminals, 'model.json'));
    expect(model).toMatchObject({ coupleId: 'tc_spring', target: 'target', rounds: 8 });
  });

  it('writes the model as ONNX, and a card with figures on the table', () => {
    expect(readHome(terminals, 'model.onnx')).toContain('veritrain');
    const printed = printedUnder('The lab predicts');
    for (const fact of ['**Family**: linear', '**Rounds**: 8 in the model', '**aggregation**: perSubset'])
      expect(printed).toContain(fact);
    expect(printed).toMatch(/\*\*Mean squared error\*\*: 2,8\d\d/i);
  });

  it('tells of each round how many agreed, and whom it waits for', () => {
    const printed = printedUnder('Anyone watches');
    for (const round of [1, 8]) expect(printed).toContain(`round ${round.toString()}: subsets `);
    expect(printed).toMatch(/round 8 taken in[^:]*:[^]*?gradient\s+[\d.e-]+,\s+[\d.]+\s+bits/);
    expect(printed).toMatch(/6 of 6 agreed/);
    expect(printed).toContain('Outcome: completed');
  });

  it('shows members by the names that they have here, beside their ids', () => {
    expect(printedUnder('The hospital invites them (terminal 3)')).toMatch(
      /^alder \(pt_\w{4}…\w{4}\) +ci_patients_0_0 /m,
    );
    expect(printedUnder('Anyone watches')).toContain('lab (pt_');
    const joined = printedUnder('The hosts join (terminals 4, 5 and 6)');
    expect(joined).toMatch(/^Data owner +pt_[a-z2-7]{26}\nIts fingerprint( +\d{5}){5}$/m);
    expect(joined).toMatch(/^ci_patients_0_0 +alder \(pt_/m);
  });

  it('shows the liar convicted, and nobody else', () => {
    const printed = printedUnder('A host that lies');
    expect(printed).toMatch(/tj_liar_1_\d_2 +cedar \(pt_\w{4}…\w{4}\) +committed +dissented/);
    expect(printed).not.toMatch(/(alder|birch) \(\S+\) +committed +dissented/);
    expect(printed).toMatch(/Conduct +.*\d+ dissented/);
  });

  it('prints lines of 80 columns at most', () => {
    const lines = outputs.flatMap(({ ended }) => ended.stdout.split('\n'));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('the command, in that market', () => {
  const lab = (command: string): Promise<Ended> => terminals.run(`veritrain ${command} --profile lab`);

  const queries = [
    'whoami',
    'doctor',
    'market show',
    'participant show alder',
    'participant names',
    'participant list',
    'dataset show ds_patients',
    'dataset template ds_patients',
    'dataset list --state offered',
    'instance show ci_patients_0_0',
    'instance list --dataset ds_patients',
    'model show md_ridge1',
    'model list',
    'model export tc_spring',
    'model card tc_spring',
    'couple show tc_spring --history',
    'couple list --state finished',
    'couple watch tc_spring',
    'job list --couple tc_spring --attempt 1',
    'job show tj_liar_1_2_2',
    'agent status',
  ];

  it.each(queries)('answers `%s` with one versioned envelope, or a line for each item', async (query) => {
    const [json, jsonl] = await Promise.all([lab(`${query} --format json`), lab(`${query} --format jsonl`)]);
    const envelope = envelopeSchema.parse(JSON.parse(json.stdout));
    const command = query.split(' ').filter((word) => /^[a-z]+$/.test(word));
    if (json.status !== exitStatus.refused) {
      expect(json.status).toBe(exitStatus.done);
      expect(envelope).toMatchObject({
        outcome: 'done',
        command: expect.stringContaining(command[0]!) as string,
      });
    }
    const lines = jsonl.stdout.trim().split('\n');
    const last = envelopeSchema.parse(JSON.parse(lines.pop() ?? ''));
    expect(last.outcome).toBe(envelope.outcome);
    for (const line of lines) itemLineSchema.parse(JSON.parse(line));
    if (/list|watch|history/.test(query)) expect(lines.length).toBeGreaterThan(0);
  });

  it('names the transaction and the block of every write', async () => {
    const { stdout } = await lab('market tick --format json');
    const envelope = envelopeSchema.parse(JSON.parse(stdout));
    if (envelope.outcome === 'done') {
      expect(envelope.writes).toMatchObject([
        { transaction: 'Tick', transactionId: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      ]);
      expect(Number(envelope.writes[0]!.blockNumber)).toBeGreaterThan(10);
    } else expect(envelope.error.code).toBe('VT0401');
    expect(printedUnder('The hospital agrees (one more terminal)')).toMatch(
      /^ApproveTraining: transaction [0-9a-f]{8}…[0-9a-f]{8}, block \d+$/m,
    );
  });

  const alder = '$(veritrain participant show --id --profile alder)';
  const refusals: [command: string, status: number, code: string, said: RegExp][] = [
    ['couple approve tc_spring --yes', 1, 'VT0303', /belongs to another participant/],
    ['couple cancel tc_spring --yes', 1, 'VT0202', /./],
    ['couple show tc_sprng', 1, 'VT9201', /Did you mean tc_spring\?/],
    ['dataset show ds_patient', 1, 'VT9201', /Did you mean ds_patients\?/],
    ['participant show aldr', 1, 'VT9111', /Nobody is called aldr here. Did you mean alder\?/],
    ['participant show pt_aaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 'VT9201', /The ledger knows no pt_a+/],
    ['participant show pt_alder', 4, 'VT9001', /must be an id .* or a name/],
    ['participant name alder birch', 1, 'VT9110', /birch is already the name of pt_[a-z2-7]{26}/],
    ['dataset publish ds_other', 1, 'VT9203', /holds no split/],
    ['model predict tc_spring --data nothing.csv', 4, 'VT9003', /cannot be read/],
    ['model predict tc_spring --data model.json', 4, 'VT7011', /model\.json has no column/],
    ['instance join invites', 4, 'VT9003', /cannot be read/],
    [`instance join invites/${alder}.json`, 1, 'VT9202', /for pt_\S+, and this profile is pt_\S+\./],
    ['couple watch tc_waiting --timeout 2', 3, 'VT9301', /not done after 2 s/],
    ['couple reject tc_waiting --reason capacty', 4, 'VT9001', /Did you mean capacity\?/],
    ['dataset withdraw ds_patients', 4, 'VT9006', /needs a yes/],
  ];

  it('refuses with a code, a hint and the exit status of its kind', async () => {
    const request = 'couple request --dataset ds_patients --model md_ridge1 --rounds 1 --id tc_waiting --yes';
    expect((await lab(request)).status).toBe(exitStatus.done);
    for (const [command, status, code, said] of refusals) {
      const ended = await lab(`${command} --format json`);
      const envelope = envelopeSchema.parse(JSON.parse(ended.stdout));
      expect(envelope, `${command}: ${ended.stderr}`).toMatchObject({
        outcome: 'failed',
        exitStatus: status,
        error: { code, message: expect.stringMatching(said) as string },
      });
      expect(ended.status, command).toBe(status);
    }
  });

  const numbers = Array.from({ length: 40 }, (_, row) => `${row.toString()},${(row * 2).toString()}`);
  const bad: [name: string, rows: string[], said: RegExp][] = [
    ['text', ['a,y', ...numbers.with(4, '4,x')], /^VT7004 TEXT_CELL: text\.csv, row 6, column "y"/],
    ['gap', ['a,y', ...numbers.with(9, ',5')], /^VT7005 MISSING_VALUE: gap\.csv, row 11, column "a"/],
    ['constant', ['a,b,y', ...numbers.map((row) => `7,${row}`)], /^VT7007 CONSTANT_COLUMN: [^]*column "a"/],
    ['short', ['a,y', ...numbers.slice(0, 29)], /^VT7008 TOO_FEW_ROWS: short\.csv has 29 rows/],
    ['target', ['a,z', ...numbers], /^VT7002 MISSING_TARGET: target\.csv has no column "y"/],
    ['parts', ['a,y', ...numbers], /^VT7102 TOO_MANY_SUBSETS/],
  ];

  it('refuses a table that does not do, naming row and column', async () => {
    const split = async ([name, rows]: (typeof bad)[number]): Promise<Ended> => {
      writeFileSync(join(terminals.home, 'first-market', `${name}.csv`), `${rows.join('\n')}\n`);
      return terminals.run(`veritrain dataset split ${name}.csv --target y --subsets 5 --profile hospital`);
    };
    for (const [index, ended] of (await Promise.all(bad.map(split))).entries()) {
      expect(ended).toMatchObject({ status: exitStatus.arguments, stdout: '' });
      expect(ended.stderr).toMatch(bad[index]![2]);
    }
  });

  it('stops watching at Ctrl-C, at once, with the status of an interrupt', async () => {
    const watch = 'veritrain couple watch tc_waiting --profile lab';
    await terminals.occupy({ heading: '', line: 0, terminal: 'watch', script: `exec ${watch}` });
    expect(await terminals.interrupt('watch')).toBe(exitStatus.interrupted);
  });

  it('says soon that there is no ledger', async () => {
    await terminals.interrupt('ledger');
    const started = Date.now();
    const [text, json] = await Promise.all([lab('dataset list'), lab('dataset list --format json')]);
    expect(Date.now() - started).toBeLessThan(20_000);
    expect(text).toMatchObject({ status: exitStatus.connection, stdout: '' });
    expect(text.stderr).toMatch(/^VT8101 GATEWAY_UNREACHABLE: .*\n[^]*What to do: /);
    expect(envelopeSchema.parse(JSON.parse(json.stdout))).toMatchObject({ error: { code: 'VT8101' } });
  });

  it('printed no secret, ever', () => {
    const printed = terminals.printed.join('');
    const secrets = ['hospital', 'lab', 'alder'].flatMap((name) => [
      readHome(terminals, `home/profiles/${name}/keyring.key`).trim(),
      readHome(terminals, `home/profiles/${name}/key.pem`).split('\n')[1] ?? '',
    ]);
    secrets.push(readHome(terminals, 'market/ca/registrar.secret').trim());
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(8);
      expect(printed).not.toContain(secret);
    }
  });
});
