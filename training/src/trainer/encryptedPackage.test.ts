import { describe, expect, it } from 'vitest';
import { FRAME_BYTES } from '../messages/frame.js';
import { decodeProgram, defineProgram, encodeProgram, parseProgram } from '../program.js';
import { asyncRefusal, refusal } from '../testing/errors.js';
import { context, diabetes, gramOf, packageOf, prepare, trainerOf } from '../testing/fixtures.js';
import { encryptPackage, openEncryptedPackage } from './encryptedPackage.js';
import { trainOnShard } from './host.js';

const program = defineProgram({ data: 'encrypted' });
const prepared = prepare(diabetes(), 3);
const { template } = prepared;
const trainer = await trainerOf(prepared, program);
const heKey = trainer.heKey();
const named = { program, heKey, ...context };
const bytes = await encryptPackage({ package: packageOf(prepared, 1), ...named });
const opened = openEncryptedPackage(bytes, { program, template, ...context });

describe('a host of encrypted data', () => {
  it('sees no row, no moment and not the secret that the data owner encrypts by', () => {
    const secret = Buffer.alloc(32, 2); // of the fixture's subset 1
    expect(Buffer.from(bytes).includes(secret)).toBe(false);
    const entries = gramOf(packageOf(prepared, 1)).matrix.slice(0, 3);
    for (const entry of entries) {
      const text = Buffer.from(new Uint8Array(Float64Array.of(entry).buffer));
      expect(Buffer.from(bytes).includes(text)).toBe(false);
    }
    expect(Object.keys(opened).sort()).toEqual(['digest', 'features', 'rows', 'subset', 'templateDigest']);
    expect(opened).toMatchObject({ subset: 1, rows: template.subsetRows[1], features: 10 });
  });

  it('refuses packages that are cut, changed, or of another couple, dataset or program', () => {
    const options = { program, template, ...context };
    const open = (
      change: (copy: Uint8Array) => Uint8Array | undefined,
      code: Parameters<typeof refusal>[1],
    ) => {
      const copy = Uint8Array.from(bytes);
      refusal(() => openEncryptedPackage(change(copy) ?? copy, options), code);
    };
    open((copy) => copy.subarray(0, 20), 'VT7401');
    open((copy) => copy.subarray(0, copy.length - 1), 'VT7401');
    open((copy) => void copy.fill(0, 0, 4), 'VT7402');
    open((copy) => void copy.fill(9, 5, 6), 'VT7402');
    open((copy) => void copy.fill(9, 6, 7), 'VT7406');
    open((copy) => void copy.fill(9, 24, 25), 'VT7202'); // a subset that there is not
    open((copy) => void copy.fill(1, FRAME_BYTES, FRAME_BYTES + 32), 'VT7202');
    open((copy) => void copy.fill(1, FRAME_BYTES + 32, FRAME_BYTES + 64), 'VT7202');
    open((copy) => void copy.fill(0xff, copy.length - 8), 'VT7407');
    refusal(() => openEncryptedPackage(bytes, { ...options, couple: 'tc_2' }), 'VT7408');
    refusal(
      () =>
        openEncryptedPackage(bytes, { ...options, program: defineProgram({ data: 'encrypted', lambda: 1 }) }),
      'VT7202',
    );
    refusal(() => openEncryptedPackage(bytes, { ...options, program: defineProgram() }), 'VT7501');
    refusal(() => openEncryptedPackage(prepared.packageBytes[1]!, options), 'VT7402');
  });

  it('refuses jobs that the package was not made for', async () => {
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const job = { package: opened, program, model, heKey, ...context, attempt: 1 };
    const changed = heKey.slice();
    changed.set([changed[200]! ^ 1], 200);
    await asyncRefusal(() => trainOnShard({ ...job, heKey: changed }), 'VT7501');
    await asyncRefusal(() => trainOnShard({ ...job, package: packageOf(prepared, 1) }), 'VT7501');
    await asyncRefusal(() => trainOnShard({ ...job, program: defineProgram() }), 'VT7501');
    await asyncRefusal(
      () => trainOnShard({ ...job, program: defineProgram({ data: 'encrypted', lambda: 1 }) }),
      'VT7501',
    );
    await asyncRefusal(() => trainOnShard({ ...job, attempt: 2 }), 'VT7408');
    await asyncRefusal(() => trainOnShard({ ...job, model: model.slice(0, -8) }), 'VT7401');
    const clearRows = await trainerOf(prepared, defineProgram());
    const other = await clearRows.modelForRound(clearRows.initialState(), 1);
    await asyncRefusal(() => trainOnShard({ ...job, model: other }), 'VT7405');
  });
});

describe('a data owner', () => {
  it('encrypts for programs of encrypted data alone, under a key of the couple', async () => {
    const rows = packageOf(prepared, 1);
    await asyncRefusal(() => encryptPackage({ package: rows, ...named, program: defineProgram() }), 'VT7501');
    await asyncRefusal(() => encryptPackage({ package: opened, ...named }), 'VT7501');
    await asyncRefusal(() => encryptPackage({ package: rows, ...named, couple: 'tc_2' }), 'VT7408');
    await asyncRefusal(() => encryptPackage({ package: rows, ...named, heKey: heKey.slice(1) }), 'VT7402');
    const clearRows = (await trainerOf(prepared, defineProgram())).heKey();
    await asyncRefusal(() => encryptPackage({ package: rows, ...named, heKey: clearRows }), 'VT7403');
  });
});

describe('programs of encrypted data', () => {
  it('are linear, under an encrypted model, with parameters of their own', () => {
    expect(decodeProgram(encodeProgram(program))).toEqual(program);
    expect(Object.keys(defineProgram())).not.toContain('data');
    const clearRows = defineProgram();
    for (const changed of [
      { ...program, protection: 'plain' },
      { ...program, parameters: clearRows.parameters },
      { ...clearRows, parameters: program.parameters },
      { ...program, data: 'plain' },
    ])
      refusal(() => parseProgram(changed), 'VT7301');
    refusal(() => defineProgram({ family: 'logistic', data: 'encrypted' }), 'VT7301');
    refusal(() => defineProgram({ family: 'ridgeClassifier', classes: [0, 1], data: 'encrypted' }), 'VT7301');
  });
});
