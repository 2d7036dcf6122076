import { fileURLToPath } from 'node:url';
import type { CsvOptions } from '@veritrain/training';

/** The Diabetes table that ships with the package. */
export const builtInTable = fileURLToPath(new URL('../data/diabetes.csv', import.meta.url));

/** What market is to be run, on what. */
export interface DemoOptions {
  /** Path of a CSV file of 30 to 100,000 rows. Default: {@link builtInTable}. */
  readonly data?: string | undefined;
  /** The column to predict. */
  readonly target: string;
  /** How the file is written, where it is not to be recognised. */
  readonly written?: CsvOptions;
  /** Parts into which the rows are split, 2 to 1000. */
  readonly subsets: number;
  /** Hosts of each part, 1 to 15; from 3 on a liar can be convicted, and one host is told to lie. */
  readonly replicas: number;
  /** Rounds of training, 1 to 5000. */
  readonly rounds: number;
  /** Every secret, key, id and draw derives from it, so that a run can be repeated exactly. */
  readonly seed?: string | undefined;
  /** Path of the page to write. */
  readonly report: string;
  /** On real Fabric and Fabric CA in place of the embedded ledger. */
  readonly fabric: boolean;
  /** With the vault in MinIO in place of a folder. */
  readonly minio: boolean;
  /** Leaves profiles, logs and the ledger where they are. */
  readonly keep: boolean;
}
