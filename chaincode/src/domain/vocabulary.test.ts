import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as domain from './index.js';
import {
  changeTypes,
  commonErrors,
  ContractError,
  contractNames,
  errorCode,
  errorHelp,
  errorNames,
  finalStates,
  instanceIdOf,
  jobIdOf,
  parseErrorMessage,
  parseInstanceId,
  parseJobId,
  qualifiedName,
  transactionNames,
  transactions,
} from './index.js';

describe('transactions', () => {
  it.each(transactionNames)('%s has its name, a contract and an example that its schema accepts', (name) => {
    const of = transactions[name];
    expect(of.name).toBe(name);
    expect(contractNames).toContain(of.contract);
    expect(of.input.safeParse(of.example).error).toBeUndefined();
    expect(of.input.safeParse({ ...of.example, unknownField: 1 }).success).toBe(false);
    expect(of.events.every((type) => changeTypes.includes(type))).toBe(true);
    expect(of.kind === 'evaluate' && of.events.length > 0).toBe(false);
  });

  it('use every error and every change', () => {
    const errors = new Set([
      ...commonErrors,
      ...transactionNames.flatMap((name) => [...transactions[name].errors]),
    ]);
    expect(errorNames.filter((name) => !errors.has(name))).toEqual([]);
    const changes = new Set(transactionNames.flatMap((name) => [...transactions[name].events]));
    expect(changeTypes.filter((type) => !changes.has(type))).toEqual([]);
    expect(qualifiedName('SubmitUpdate')).toBe('RoundContract:SubmitUpdate');
  });

  it('attack 9: none publishes a key, and no input has a field for one or for a place in clear', () => {
    const fields = transactionNames.flatMap((name) => Object.keys(transactions[name].example));
    const telling = fields.filter((field) =>
      /secret|private|password|url|address|location|contentKey/i.test(field),
    );
    expect(telling).toEqual([]);
    expect(fields.filter((field) => /key/i.test(field)).sort()).toEqual(
      ['encryptionKey', 'heKeyDigest', 'signingKey'].sort(),
    );
  });
});

describe('attack 4: no mask is ever opened', () => {
  const says = (schema: z.ZodType): string =>
    JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any' }));

  it.each(transactionNames)('%s neither takes nor gives a mask, nor what one follows from', (name) => {
    const { input, output } = transactions[name];
    expect(says(input)).toContain('"type":"object"');
    expect(says(input) + says(output)).not.toMatch(/mask|pairwise|secret/i);
  });

  it('neither do records and events', () => {
    const all = [...Object.values(domain.recordSchemas), domain.marketEvent].map((schema) => says(schema));
    expect(all.join()).toContain('commitment');
    expect(all.join()).not.toMatch(/mask|pairwise|secret/i);
  });
});

describe('errors', () => {
  it('have codes of their own and help', () => {
    expect(new Set(errorNames.map(errorCode)).size).toBe(errorNames.length);
    for (const name of errorNames) {
      expect(errorCode(name)).toMatch(/^VT\d{4}$/);
      expect(errorHelp(name).length).toBeGreaterThan(20);
    }
  });

  it('survive the way through a peer’s message', () => {
    const error = new ContractError('NOT_APPROVED', 'The couple is requested.', {
      coupleId: 'tc_a',
      attempts: 0,
    });
    const reported = `chaincode response 500, ${error.message}`;
    expect(parseErrorMessage(reported)).toEqual({
      code: 'VT0203',
      name: 'NOT_APPROVED',
      message: 'The couple is requested.',
      facts: { coupleId: 'tc_a', attempts: 0 },
      hint: errorHelp('NOT_APPROVED'),
    });
    expect(parseErrorMessage('MVCC_READ_CONFLICT')).toBeNull();
    expect(parseErrorMessage('VT9999 NO_SUCH_NAME: x')).toBeNull();
  });

  it('are not read out of what somebody is quoted with', () => {
    const quoted = 'VT0203 NOT_APPROVED: x';
    for (const reported of [
      `Contract name is not known: ${quoted}`,
      `chaincode response 500, Contract name is not known: ${quoted}`,
      `chaincode response 500, no such contract: chaincode response 500, ${quoted}`,
    ])
      expect(parseErrorMessage(reported)).toBeNull();
  });
});

describe('ids', () => {
  it('are derived and taken apart again', () => {
    expect(parseInstanceId(instanceIdOf('ds_a1', 12, 3))).toEqual({
      datasetId: 'ds_a1',
      subsetIndex: 12,
      slot: 3,
    });
    expect(parseJobId(jobIdOf('tc_a1', 7, 12, 3))).toEqual({
      coupleId: 'tc_a1',
      attempt: 7,
      subsetIndex: 12,
      slot: 3,
    });
    expect(() => parseInstanceId('ci_a_01_0')).toThrow();
    expect(() => parseInstanceId('ci_A_1_0')).toThrow();
  });

  it('refuse keys that are no points of the curve', () => {
    const { signingKey } = transactions.RegisterParticipant.example;
    expect(domain.publicJwk.safeParse(signingKey).success).toBe(true);
    expect(domain.publicJwk.safeParse({ ...signingKey, y: signingKey.x }).success).toBe(false);
    expect(domain.publicJwk.safeParse({ ...signingKey, d: signingKey.x }).success).toBe(false);
  });
});

describe('state machines', () => {
  const machines = {
    dataset: domain.datasetMachine,
    instance: domain.instanceMachine,
    couple: domain.coupleMachine,
    round: domain.roundMachine,
    job: domain.jobMachine,
    settlement: domain.settlementMachine,
    proposal: domain.proposalMachine,
  };
  const page = readFileSync(join(__dirname, '../../../docs/state-machines.md'), 'utf8');

  /** The arrows of a diagram, as `from --action (by)--> to`. A star marks the start. */
  const drawn = (name: string): string[] => {
    const block =
      new RegExp(`## ${name}\\b[\\s\\S]*?\`\`\`mermaid\\n([\\s\\S]*?)\`\`\``, 'i').exec(page)?.[1] ?? '';
    const arrows = [...block.matchAll(/^\s*(\[\*\]|\w+) --> (\w+): (\w+) \((\w+)\)$/gm)];
    return arrows.map(([, from, to, action, by]) => `${from} --${action} (${by})--> ${to}`).sort();
  };

  it.each(Object.entries(machines))('%s is as drawn in docs/state-machines.md', (name, machine) => {
    const table = machine.transitions.map(
      ({ from, action, by, to }) => `${from ?? '[*]'} --${action} (${by})--> ${to}`,
    );
    expect(drawn(name)).toEqual([...table].sort());
    const ends = [...page.matchAll(/^\s*(\w+) --> \[\*\]$/gm)].map(([, state]) => state);
    for (const state of finalStates<string>(machine)) expect(ends).toContain(state);
  });

  it('name only transactions that there are', () => {
    for (const machine of Object.values(machines)) {
      for (const { action } of machine.transitions) expect(transactionNames).toContain(action);
    }
  });
});

describe('exports', () => {
  it('are these', () => {
    expect(Object.keys(domain).sort()).toMatchSnapshot();
  });
});
