import type { z } from 'zod';
import * as domain from '../domain/index.js';

/** A kind of record: the first part of its composite key, and the schema of its values. */
export interface Collection<Value> {
  readonly name: string;
  readonly schema: z.ZodType<Value>;
}

const collection = <Value>(name: string, schema: z.ZodType<Value>): Collection<Value> => ({ name, schema });

export type KeyPart = string | number;

type Records = {
  readonly [Name in keyof typeof domain.recordSchemas]: Collection<
    z.output<(typeof domain.recordSchemas)[Name]>
  >;
};

export const records = Object.fromEntries(
  Object.entries<z.ZodType>(domain.recordSchemas).map(([name, schema]) => [name, collection(name, schema)]),
) as Records;

/** Index rows for lists: the list's key, then the record's key. */
export const indexes = {
  participantByRole: collection('participantByRole', domain.keyParts),
  datasetByOwner: collection('datasetByOwner', domain.keyParts),
  datasetByState: collection('datasetByState', domain.keyParts),
  instanceByHost: collection('instanceByHost', domain.keyParts),
  modelByOwner: collection('modelByOwner', domain.keyParts),
  coupleByParty: collection('coupleByParty', domain.keyParts),
  coupleByDataset: collection('coupleByDataset', domain.keyParts),
  coupleByModel: collection('coupleByModel', domain.keyParts),
  coupleByState: collection('coupleByState', domain.keyParts),
  jobByHost: collection('jobByHost', domain.keyParts),
} as const;

/** Numbers are padded, so keys sort in numerical order. */
export const keyPart = (part: KeyPart): string =>
  typeof part === 'number' ? String(part).padStart(12, '0') : part;
