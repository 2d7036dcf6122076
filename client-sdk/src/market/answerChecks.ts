import { foreignKeysOf, type TransactionName } from '@veritrain/chaincode/domain';
import { z } from 'zod';
import { sdkError, type VeritrainError } from '../errors/veritrainError.js';

/**
 * A participant in the answer has other keys than its id stands for: whoever answered put them there, so that what is
 * sealed to the participant, or signed by it, would be somebody else's.
 *
 * @returns undefined where the answer fails its schema for another reason
 */
export function foreignKeys(cause: unknown): VeritrainError | undefined {
  if (!(cause instanceof z.ZodError)) return undefined;
  const told = cause.issues.map((issue): unknown =>
    issue.code === 'custom' ? issue.params?.[foreignKeysOf] : undefined,
  );
  const participantId = told.find((id) => typeof id === 'string');
  if (participantId === undefined) return undefined;
  const reason = `The peer that was asked tells other keys for ${participantId} than this id stands for.`;
  return sdkError('VT8410', reason, { facts: { participantId }, cause });
}

/**
 * A query by id must answer with the record of that id. Otherwise a peer could tell another member's genuine record in
 * its place, and have the caller seal to that member.
 *
 * @throws OTHER_RECORD
 */
export function requireAsked(name: TransactionName, asked: object, answer: unknown): void {
  if (!name.startsWith('Get') || typeof answer !== 'object' || answer === null) return;
  for (const [field, wanted] of Object.entries(asked)) {
    const told: unknown = Reflect.get(answer, field);
    // The bookmark of a page names the next one.
    if (field === 'bookmark' || told === undefined || told === wanted) continue;
    const reason = `${name} was asked for ${field} ${String(wanted)} and answered with another record.`;
    throw sdkError('VT8411', reason, { facts: { transaction: name, field, asked: String(wanted) } });
  }
}
