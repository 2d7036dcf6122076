import type { TransactionName } from '@veritrain/client-sdk/protocol';
import {
  cancelRequest,
  expireJoins,
  expireRound,
  leaveInstances,
  refuseProposal,
  registerNewcomer,
  rejectRequest,
  reportUnavailable,
  revealUpdates,
  tallyRound,
  withdrawDataset,
} from './branches.js';
import { playCouple } from './couple.js';
import type { Lapsing } from './deadlines.js';
import type { Stage } from './stage.js';

/** The story that leads to a transaction. */
interface Origin {
  /** The story that contains it as a step. */
  readonly play: (stage: Stage) => Promise<unknown>;
  /** A deadline that must pass first. */
  readonly lapsing?: Lapsing;
}

const onPath: Origin = { play: playCouple };

const origins = {
  RegisterParticipant: { play: registerNewcomer },
  ProposeConfig: { play: refuseProposal },
  VoteConfig: { play: refuseProposal },
  RegisterDataset: onPath,
  WithdrawDataset: { play: withdrawDataset },
  RegisterModel: onPath,
  JoinInstance: onPath,
  LeaveInstance: { play: leaveInstances },
  ExpireJoin: { play: expireJoins, lapsing: 'verify' },
  VerifyInstances: onPath,
  RequestTraining: onPath,
  RejectTraining: { play: rejectRequest },
  CancelTraining: { play: cancelRequest, lapsing: 'answer' },
  ApproveTraining: onPath,
  OpenRound: onPath,
  ExpireRound: { play: expireRound, lapsing: 'start' },
  StartRound: onPath,
  SubmitUpdate: onPath,
  ReportUnavailable: { play: reportUnavailable },
  CloseRound: onPath,
  RevealUpdate: { play: revealUpdates },
  TallyRound: { play: tallyRound, lapsing: 'attest' },
  FinishTraining: onPath,
  ReleaseRounds: onPath,
} as const satisfies Partial<Record<TransactionName, Origin>>;

export type AloneTransaction = keyof typeof origins;

/** The transactions that a story can repeat any number of times. */
export const aloneTransactions = Object.keys(origins) as AloneTransaction[];

export const originOf = (transaction: AloneTransaction): Origin => origins[transaction];
