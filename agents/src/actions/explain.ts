import { listErrors } from '@veritrain/client-sdk/errors';
import { trainingErrors } from '@veritrain/training';
import { agentsErrors } from './errorTable.js';
import { AgentsError } from './agentsError.js';
import { didYouMean } from './nearest.js';

export interface ExplainedCode {
  code: string;
  title: string;
  help: string;
  foundBy: 'contract' | 'client SDK' | 'training' | 'command and agents';
}

const fromTable = (
  table: Readonly<Record<string, { name: string; help: string }>>,
  foundBy: ExplainedCode['foundBy'],
): ExplainedCode[] =>
  Object.entries(table).map(([code, { name, help }]) => ({ code, title: name, help, foundBy }));

/** Every error code there is, in order. */
export function listCodes(): ExplainedCode[] {
  const ofLedger = listErrors().map(({ code, name, help }): ExplainedCode => {
    return { code, title: name, help, foundBy: code >= 'VT8' ? 'client SDK' : 'contract' };
  });
  return [
    ...ofLedger,
    ...fromTable(trainingErrors, 'training'),
    ...fromTable(agentsErrors, 'command and agents'),
  ].sort((a, b) => a.code.localeCompare(b.code));
}

/** What a code, or a name, means. @throws AgentsError UNKNOWN_CODE */
export function explainCode(written: string): ExplainedCode {
  const codes = listCodes();
  const found = codes.find(({ code, title }) => code === written || title === written);
  if (found !== undefined) return found;
  const suggestion = didYouMean(
    written,
    codes.flatMap(({ code, title }) => [code, title]),
  );
  throw new AgentsError('VT9007', `There is no error code ${written}.${suggestion}`);
}
