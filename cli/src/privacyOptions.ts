import type { Member } from '@veritrain/member/profile';
import type { DatasetPrivacy } from '@veritrain/member/datasets';
import type { PrivacyTerms } from '@veritrain/training';
import { z } from 'zod';
import type { Session } from './session.js';
import type { Cell } from './text.js';
import { decimal } from './values.js';

/** How much a dataset may tell of a row, for every command that splits a table. */
export const privacyOptions = [
  [
    '--epsilon <e>',
    'differential privacy: noise once on all that leaves, 0.01 to 100, less tells less (default: none)',
  ],
  ['--delta <d>', 'with --epsilon: probability that it does not hold, below 1 / rows (default 0.00001)'],
  ['--clip <length>', 'with --epsilon: longest standardised row (default: 0.75 · √features)'],
  ['--bounds <column=from:to...>', 'with --epsilon: range of a column, known without looking at the rows'],
] as const;

/** The values of {@link privacyOptions}. */
export const privacyValues = {
  epsilon: decimal(0.01, 100).optional(),
  delta: z
    .string()
    .regex(/^\d+(\.\d+)?(e-\d+)?$/i, 'must be a number such as 1e-5')
    .transform(Number)
    .pipe(z.number().min(1e-12).max(0.01))
    .optional(),
  clip: decimal(0.1, 100).optional(),
  bounds: z
    .array(
      z.string().transform((text, context): [string, [number, number]] => {
        const [, column = '', from = '', to = ''] = /^(.+)=([^:=]+):([^:=]+)$/.exec(text) ?? [];
        const range: [number, number] = [Number(from), Number(to)];
        if (column !== '' && Number.isFinite(range[0]) && range[1] > range[0]) return [column, range];
        context.addIssue('must be a column and its range, such as age=18:100');
        return z.NEVER;
      }),
    )
    .transform((pairs) => Object.fromEntries(pairs))
    .optional(),
};

interface PrivacyValues extends Pick<DatasetPrivacy, 'delta' | 'clip' | 'bounds' | 'budget'> {
  readonly epsilon?: number | undefined;
  readonly observed?: boolean | undefined;
}

/**
 * Picks the values of {@link privacyOptions} from a command's values; undefined without epsilon.
 * @throws WRONG_ARGUMENT for options that mean nothing without it
 */
export async function privacyOf(values: PrivacyValues): Promise<DatasetPrivacy | undefined> {
  const { epsilon, delta, clip, bounds, observed, budget } = values;
  if (epsilon !== undefined) return { epsilon, delta, clip, bounds, observed, budget };
  const others = { '--delta': delta, '--clip': clip, '--bounds': bounds, '--privacy-budget': budget };
  const given = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
  const alone = given ?? (observed === true ? '--observed' : undefined);
  if (alone === undefined) return undefined;
  const { memberError } = await import('@veritrain/member/errors');
  throw memberError('VT9001', `${alone} means nothing without --epsilon.`, { facts: { option: alone } });
}

type Told = Pick<PrivacyTerms, 'epsilon' | 'delta' | 'domain'>;

/** The terms in words; undefined without differential privacy. */
export const privacyText = (terms: Told | null | undefined): string | undefined =>
  terms
    ? `epsilon ${terms.epsilon}, delta ${terms.delta}, one row changed; ` +
      (terms.domain === 'stated' ? 'ranges stated' : 'ranges and levels as the rows show them, not covered')
    : undefined;

/** The terms of a dataset by its template, as far as that can be read. */
export async function privacyFacts(
  member: Member,
  datasetId: string,
  session: Session,
): Promise<{ rows: (readonly [string, Cell])[]; data: { privacy?: PrivacyTerms } }> {
  const { findTemplate } = await import('@veritrain/member/models');
  const privacy = (await findTemplate(member, datasetId, session.context))?.privacy;
  return { rows: [['Differential privacy', privacyText(privacy)]], data: privacy ? { privacy } : {} };
}
