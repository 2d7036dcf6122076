import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LedgerError } from './errors.js';
import { writeFileAtomically } from './files.js';
import { exists } from './identity/identityFiles.js';
import { isMissing } from './systemError.js';
import type { ParsedOptions } from './options.js';
import { StateStore } from './store/stateStore.js';

const settingsSchema = z.strictObject({
  format: z.literal(1),
  channel: z.string(),
  chaincodeName: z.string(),
  organizations: z.number().int(),
  endorse: z.union([z.enum(['all', 'any', 'majority']), z.number().int()]),
  /** Older folders, from before TLS, do not have this field. */
  tls: z.boolean().default(false),
  /** Present until the first start has succeeded. */
  unfinished: z.literal(true).optional(),
});

type Settings = z.infer<typeof settingsSchema>;

/** The settings that a data folder fixes permanently. Its genesis block contains the same. */
export type LedgerSettings = Omit<Settings, 'unfinished'>;

const FILE = 'ledger.json';
/** The files that a first start creates besides the settings. */
const PARTS = ['state', 'blocks', 'organizations', 'organizations.tmp', 'ca'];

/**
 * A data folder in use by this process alone. It fixes its settings once a first start is ready for clients. After a
 * failed first start, the next one removes the leftovers and may choose other settings.
 */
export class DataFolder {
  private constructor(
    private readonly path: string,
    readonly settings: LedgerSettings,
    readonly state: StateStore,
    private readonly isFirstStart: boolean,
  ) {}

  /**
   * Reads the settings of a folder that holds a ledger, or takes them from the options.
   * @throws LedgerError DATA_IN_USE, DATA_CORRUPT, DATA_MISMATCH if an option contradicts the folder
   */
  static async open(options: ParsedOptions, defaultName: string): Promise<DataFolder> {
    await mkdir(options.data, { recursive: true });
    const path = join(options.data, FILE);
    // A later start may remove only what a first start created: the folder may hold somebody's organisations.
    const isEmpty = !(await holdsParts(options.data));
    let state = await StateStore.open(join(options.data, 'state'));
    try {
      const existing = await readSettings(path);
      if (existing !== undefined && existing.unfinished === undefined) {
        checkOptions(options, existing);
        return new DataFolder(path, existing, state, false);
      }
      if (existing !== undefined) {
        options.log('the first start in this data folder failed: starting over');
        await state.close();
        await removeFirstStart(options.data);
        state = await StateStore.open(join(options.data, 'state'));
      }
      const isFirstStart = isEmpty || existing !== undefined;
      const folder = new DataFolder(path, settingsOf(options, defaultName), state, isFirstStart);
      await folder.write({ ...folder.settings, ...(isFirstStart ? { unfinished: true } : {}) });
      return folder;
    } catch (error) {
      await state.close();
      throw error;
    }
  }

  /** Fixes the settings permanently. */
  async fixSettings(): Promise<void> {
    if (this.isFirstStart) await this.write(this.settings);
  }

  /** Undoes {@link fixSettings} when a first start fails before it admits clients. */
  async releaseSettings(): Promise<void> {
    if (this.isFirstStart) await this.write({ ...this.settings, unfinished: true });
  }

  private async write(settings: Settings): Promise<void> {
    await writeFileAtomically(this.path, `${JSON.stringify(settings, undefined, 2)}\n`);
  }
}

async function holdsParts(data: string): Promise<boolean> {
  const present = await Promise.all(PARTS.map((part) => exists(join(data, part))));
  return present.includes(true);
}

/** Removes the settings last: while they exist, the next start knows what to remove. */
async function removeFirstStart(data: string): Promise<void> {
  for (const part of [...PARTS, FILE]) await rm(join(data, part), { recursive: true, force: true });
}

function settingsOf(options: ParsedOptions, defaultName: string): LedgerSettings {
  return {
    format: 1,
    channel: options.channel ?? 'market',
    chaincodeName: options.name ?? defaultName,
    organizations: options.organizations ?? 3,
    endorse: options.endorse ?? 'majority',
    tls: options.tls ?? false,
  };
}

async function readSettings(path: string): Promise<Settings | undefined> {
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
    const hint = 'Restore the file from a backup, or start a new ledger in an empty folder.';
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
      `Leave --${option} out to resume it, or start a new ledger in an empty folder.`,
      { data: options.data, option, wanted, has },
    );
  }
}
