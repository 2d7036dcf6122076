import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LedgerError } from './errors.js';
import { writeFileAtomically } from './files.js';
import { isMissing } from './systemError.js';
import type { ParsedOptions } from './options.js';

const settingsSchema = z.strictObject({
  format: z.literal(1),
  channel: z.string(),
  chaincodeName: z.string(),
  organizations: z.number().int(),
  endorse: z.union([z.enum(['all', 'any', 'majority']), z.number().int()]),
  /** Folders of before there was TLS do not say. */
  tls: z.boolean().default(false),
});

/** What a data folder fixes for good: its genesis block says the same. */
export type LedgerSettings = z.infer<typeof settingsSchema>;

const FILE = 'ledger.json';

/**
 * The settings of a data folder: read where it holds a ledger, else made from the options and written.
 * @throws LedgerError DATA_MISMATCH where an option says otherwise than the folder, DATA_CORRUPT
 */
export async function readOrCreateSettings(
  options: ParsedOptions,
  defaultName: string,
): Promise<LedgerSettings> {
  await mkdir(options.data, { recursive: true });
  const path = join(options.data, FILE);
  const existing = await readSettings(path);
  if (existing !== undefined) {
    checkOptions(options, existing);
    return existing;
  }
  const settings: LedgerSettings = {
    format: 1,
    channel: options.channel ?? 'market',
    chaincodeName: options.name ?? defaultName,
    organizations: options.organizations ?? 3,
    endorse: options.endorse ?? 'majority',
    tls: options.tls ?? false,
  };
  await writeFileAtomically(path, `${JSON.stringify(settings, undefined, 2)}\n`);
  return settings;
}

async function readSettings(path: string): Promise<LedgerSettings | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return settingsSchema.parse(JSON.parse(text));
  } catch (cause) {
    const hint = 'Restore the file from a copy, or begin a new ledger in an empty folder.';
    throw new LedgerError(
      'DATA_CORRUPT',
      'the settings of the data folder cannot be read',
      hint,
      { path },
      { cause },
    );
  }
}

function checkOptions(options: ParsedOptions, existing: LedgerSettings): void {
  const asked = [
    ['organizations', options.organizations, existing.organizations],
    ['endorse', options.endorse, existing.endorse],
    ['channel', options.channel, existing.channel],
    ['name', options.name, existing.chaincodeName],
    ['tls', options.tls, existing.tls],
  ] as const;
  for (const [option, wanted, has] of asked) {
    if (wanted === undefined || wanted === has) continue;
    throw new LedgerError(
      'DATA_MISMATCH',
      `the data folder holds a ledger with ${option} ${String(has)}, not ${String(wanted)}`,
      `Leave --${option} out to resume it, or begin a new ledger in an empty folder.`,
      { data: options.data, option, wanted, has },
    );
  }
}
