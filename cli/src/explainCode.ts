import { listErrors } from '@veritrain/client-sdk/errors';
import { networkErrors } from '@veritrain/network/errors';
import { didYouMean, memberErrors } from '@veritrain/member/errors';
import { commandError } from './errors/commandError.js';
import { agentsErrors } from '@veritrain/agents/errors';
import { demoErrors } from '@veritrain/demo/errors';
import { localErrors } from '@veritrain/local/errors';
import { commandErrors } from './errors/commandErrors.js';

export interface ExplainedCode {
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

const ofAgents = (): ExplainedCode[] => [
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

/** Every error code there is, in order. */
export async function listCodes(): Promise<ExplainedCode[]> {
  const codes = [...ofLedger(), ...(await ofTraining()), ...ofAgents()];
  return codes.sort((a, b) => a.code.localeCompare(b.code));
}

/** What a code, or a name, means. Training is loaded only for what the others do not know. @throws UNKNOWN_CODE */
export async function explainCode(written: string): Promise<ExplainedCode> {
  const find = (codes: readonly ExplainedCode[]): ExplainedCode | undefined =>
    codes.find(({ code, title }) => code === written || title === written);
  const found = find([...ofLedger(), ...ofAgents()]) ?? find(await ofTraining());
  if (found !== undefined) return found;
  const names = (await listCodes()).flatMap(({ code, title }) => [code, title]);
  throw commandError('VT9007', `There is no error code ${written}.${didYouMean(written, names)}`);
}
