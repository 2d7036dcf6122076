import type { RecipeNote, SplitReport, TableReading } from '@veritrain/training';
import type { LedgerKind } from './result.js';

/** A ledger or a vault as the demo started it. */
export interface LedgerFacts {
  readonly kind: LedgerKind;
  /** Of Fabric, where it is Fabric. */
  readonly version?: string;
  readonly organizations: number;
  /** Host and port of a peer. */
  readonly gateway: string;
}

export interface VaultFacts {
  readonly bucket: string;
  readonly endpoint: string;
}

/** Work that takes a while, and shows nothing until it is done. */
export type Work = 'startLedger' | 'enrolMembers' | 'grantPlaces' | 'splitTable' | 'trainTwin';

/** The events of a demo, in this order, except for rounds, which overlap. Subsets count from 0, attempts from 1. */
export type DemoEvent =
  | {
      readonly kind: 'tableRead';
      readonly source: string;
      readonly rows: number;
      readonly features: number;
      readonly target: string;
      /** Rows that no host gets, beside the others. */
      readonly heldOutRows: number;
      readonly reading: TableReading;
      readonly notes: readonly RecipeNote[];
    }
  | {
      readonly kind: 'planned';
      readonly subsets: number;
      readonly replicas: number;
      readonly rounds: number;
      /** Whether a host is told to lie. */
      readonly hasLiar: boolean;
    }
  | { readonly kind: 'working'; readonly work: Work }
  /** Progress of a service that starts, in its own words. */
  | { readonly kind: 'serviceStarting'; readonly words: string }
  | { readonly kind: 'ledgerStarted'; readonly ledger: LedgerFacts }
  | { readonly kind: 'vaultStarted'; readonly vault: VaultFacts }
  | { readonly kind: 'membersStarted'; readonly hosts: number; readonly liar: string | undefined }
  | { readonly kind: 'tableSplit'; readonly report: SplitReport }
  | { readonly kind: 'slotJoined'; readonly joined: number; readonly slots: number }
  | { readonly kind: 'slotsVerified'; readonly slots: number }
  | { readonly kind: 'trainingApproved'; readonly coupleId: string; readonly subsetsPerRound: number }
  | {
      readonly kind: 'roundProgress';
      readonly attempt: number;
      /** Rounds that were started before this one. */
      readonly before: number;
      readonly subsets: readonly number[];
      readonly committed: number;
      /** Updates that the round asks for. */
      readonly jobs: number;
    }
  | { readonly kind: 'roundExpired'; readonly attempt: number }
  | {
      readonly kind: 'subsetLost';
      readonly attempt: number;
      readonly subset: number;
      readonly outcome: string;
    }
  /** The contract caught the first lie of the run. */
  | { readonly kind: 'liarCaught'; readonly host: string; readonly subset: number }
  | {
      readonly kind: 'roundApplied';
      readonly attempt: number;
      readonly subsets: readonly number[];
      readonly agreed: number;
      readonly jobs: number;
      /** Mean squared error over all rows, in squared units of the target. */
      readonly error: number | undefined;
    }
  /** A process died, and is started again. */
  | { readonly kind: 'restarted'; readonly process: string; readonly how: string }
  | { readonly kind: 'reportWritten'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'kept'; readonly folder: string };

export type Tell = (event: DemoEvent) => void;
