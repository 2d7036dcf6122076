/** The part of Caliper that the workloads use. Caliper has no types of its own. */
declare module '@hyperledger/caliper-core' {
  export interface TransactionRequest {
    readonly contractId: string;
    readonly channel: string;
    readonly contractFunction: string;
    readonly contractArguments: readonly string[];
    readonly invokerMspId: string;
    readonly invokerIdentity: string;
    /** True to query one peer without ordering. Default: false. */
    readonly readOnly?: boolean;
  }

  /** Times are milliseconds since the epoch. */
  export interface TxStatus {
    /** The transaction's id; undefined if no proposal was made. */
    GetID(): string | undefined;
    IsCommitted(): boolean;
    GetTimeCreate(): number;
    GetTimeFinal(): number;
    /** The contract's answer; empty text for a failed transaction. */
    GetResult(): Uint8Array | '';
  }

  /** The connector, with the identities of the network configuration. */
  export interface SutAdapter {
    sendRequests(request: TransactionRequest): Promise<TxStatus>;
  }

  export class WorkloadModuleBase {
    protected workerIndex: number;
    protected totalWorkers: number;
    protected roundIndex: number;
    protected roundArguments: unknown;
    protected sutAdapter: SutAdapter;
    initializeWorkloadModule(
      workerIndex: number,
      totalWorkers: number,
      roundIndex: number,
      roundArguments: unknown,
      sutAdapter: SutAdapter,
      sutContext: unknown,
    ): Promise<void>;
    cleanupWorkloadModule(): Promise<void>;
  }

  export const ConfigUtil: {
    readonly keys: { readonly NetworkConfig: string };
    get(key: string): string;
  };

  export const CaliperUtils: {
    /** Resolves a path relative to Caliper's workspace. */
    resolvePath(path: string): string;
  };
}
