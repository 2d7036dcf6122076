import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** Every verb of a network takes its folder. */
export const folderOption = [
  '--data <folder>',
  'everything that the network is and has (default: network in VERITRAIN_HOME)',
] as const;

const defaultFolder = (): string =>
  join(process.env.VERITRAIN_HOME ?? join(homedir(), '.veritrain'), 'network');

export const folderValue = z
  .string()
  .min(1)
  .default(defaultFolder)
  .transform((path) => resolve(path));
