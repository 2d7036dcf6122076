import { agentsErrors } from '@veritrain/agents/errors';
import { listErrors } from '@veritrain/client-sdk/errors';
import { demoErrors } from '@veritrain/demo/errors';
import { localErrors } from '@veritrain/local/errors';
import { didYouMean, memberErrors } from '@veritrain/member/errors';
import { networkErrors } from '@veritrain/network/errors';
import type { Command } from 'commander';
import { z } from 'zod';
import { commandError, commandErrors } from './errors/commandErrors.js';
import { statusOfCode } from './errors/describeFailure.js';
import { fields, wrap } from './text.js';
import { verb } from './verb.js';

/** `veritrain explain CODE` */
export function explainCommand(): Command {
  return verb({
    name: 'explain',
    summary: 'what an error code means and what to do about it',
    arguments: [['[code]', 'such as VT0203; without it, all codes']],
    local: true,
    examples: ['veritrain explain VT9101', 'veritrain explain --format json'],
    input: z.strictObject({ code: z.string().trim().toUpperCase().optional() }),
    run: async ({ code }) => {
      if (code === undefined) {
        const codes = await listCodes();
        const text = codes.map((entry) => `${entry.code}  ${entry.title}`).join('\n');
        return { data: { codes }, items: codes, text };
      }
      const entry = await explainCode(code);
      const status = statusOfCode(entry.code);
      const text = [
        fields([
          ['Code', entry.code],
          ['Name', entry.title],
          ['Found by', entry.foundBy],
          ['Exit status', status],
        ]),
        ...wrap(entry.help, 80, ''),
      ];
      return { data: { ...entry, exitStatus: status }, text: text.join('\n') };
    },
  });
}

interface ExplainedCode {
  code: string;
  title: string;
  help: string;
  foundBy:
    | 'contract'
    | 'client SDK'
    | 'training'
    | 'network'
    | 'member'
    | 'agents'
    | 'local services'
    | 'demo'
    | 'command';
}

type Table = Readonly<Record<string, { name: string; help: string }>>;

const fromTable = (table: Table, foundBy: ExplainedCode['foundBy']): ExplainedCode[] =>
  Object.entries(table).map(([code, { name, help }]) => ({ code, title: name, help, foundBy }));

const ofLedger = (): ExplainedCode[] =>
  listErrors().map(({ code, name, help }) => ({
    code,
    title: name,
    help,
    foundBy: code >= 'VT8' ? 'client SDK' : 'contract',
  }));

const ofPackages = (): ExplainedCode[] => [
  ...fromTable(memberErrors, 'member'),
  ...fromTable(agentsErrors, 'agents'),
  ...fromTable(localErrors, 'local services'),
  ...fromTable(demoErrors, 'demo'),
  ...fromTable(commandErrors, 'command'),
  ...fromTable(networkErrors, 'network'),
];

async function ofTraining(): Promise<ExplainedCode[]> {
  const { trainingErrors } = await import('@veritrain/training');
  return fromTable(trainingErrors, 'training');
}

/** All error codes, sorted. */
export async function listCodes(): Promise<ExplainedCode[]> {
  const codes = [...ofLedger(), ...(await ofTraining()), ...ofPackages()];
  return codes.sort((a, b) => a.code.localeCompare(b.code));
}

/** Explains a code, or a name. Training is loaded only for a code that no other package has. @throws UNKNOWN_CODE */
export async function explainCode(written: string): Promise<ExplainedCode> {
  const find = (codes: readonly ExplainedCode[]): ExplainedCode | undefined =>
    codes.find(({ code, title }) => code === written || title === written);
  const found = find([...ofLedger(), ...ofPackages()]) ?? find(await ofTraining());
  if (found !== undefined) return found;
  const names = (await listCodes()).flatMap(({ code, title }) => [code, title]);
  throw commandError('VT9007', `There is no error code ${written}.${didYouMean(written, names)}`);
}
