/** A data owner, a model owner or a cloud owner (listing 1). */
export interface Member {
  readonly id: string;
  readonly name?: string | undefined;
  readonly organization?: string | undefined;
  readonly howMany?: string | undefined;
  /** The certificate that created it: the paper's access control list. */
  readonly identity: string;
}

/** A dataset. */
export interface DS {
  readonly id: string;
  readonly doId: string;
  /** Every CreateDSS appends to it. */
  readonly dssIds: readonly string[];
}

/** A data subset. */
export interface DSS {
  readonly id: string;
  readonly dsId: string;
  /** Every CreateCI appends to it. */
  readonly ciIds: readonly string[];
}

/** A cloud instance: a cloud owner's copy of a part of a dataset (listing 2). */
export interface CI {
  readonly id: string;
  readonly coId: string;
  readonly dssId: string;
  readonly status: 'FREE' | 'JOINED' | 'VERIFIED';
  readonly nonce?: string;
  readonly hash?: string;
}

/** A model. */
export interface Mod {
  readonly id: string;
  readonly moId: string;
  readonly type: string;
  readonly url: string;
  readonly trainingMethod: string;
  readonly hash: string;
}

/** A train couple: a model that trains on a dataset (listing 3). */
export interface TC {
  readonly id: string;
  readonly dsId: string;
  readonly modId: string;
  readonly status: 'REQUESTED' | 'APPROVED' | 'COMPLETED';
  /** Number of updates that the round still waits for. Every UpdateTJ decrements it. */
  readonly rem: number;
  readonly paid: boolean;
  readonly round: number;
  /** The subsets of the round. */
  readonly curDssIds: readonly string[];
}

/** A train job: the work of one cloud instance for one train couple. */
export interface TJ {
  readonly id: string;
  readonly tcId: string;
  readonly ciId: string;
  readonly dssId: string;
  readonly coId: string;
  /** Round of the last update; 0 before the first. */
  readonly round: number;
  readonly hash?: string;
  readonly nonce?: string;
  /** The location of the trained model, which is encrypted for the model owner. */
  readonly location?: string;
}

/** The prefixes of ids, which are the keys of the records, and the types of the records. */
export interface Assets {
  do: Member;
  mo: Member;
  co: Member;
  ds: DS;
  dss: DSS;
  ci: CI;
  mod: Mod;
  tc: TC;
  tj: TJ;
}
export type Kind = keyof Assets;

export const titles: Record<Kind, string> = {
  do: 'data owner',
  mo: 'model owner',
  co: 'cloud owner',
  ds: 'dataset',
  dss: 'data subset',
  ci: 'cloud instance',
  mod: 'model',
  tc: 'train couple',
  tj: 'train job',
};

/** Each cloud instance of a train couple's dataset has one. */
export const trainJobId = (tcId: string, ciId: string): string => `tj_${tcId}_${ciId}`;
