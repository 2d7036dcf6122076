import type { TransactionName } from '../domain/index.js';
import { records } from '../ledger/collections.js';
import type { Action } from '../ledger/execute.js';
import { approveTraining, rejectTraining } from './couple/answer.js';
import { cancelTraining, finishTraining, releaseRounds } from './couple/end.js';
import { getCoupleHistory } from './couple/history.js';
import { listCouples } from './couple/list.js';
import { requestTraining } from './couple/request.js';
import { getCoupleView } from './couple/view.js';
import {
  getDataset,
  getSubset,
  listDatasets,
  listTrainedModels,
  registerDataset,
  withdrawDataset,
} from './dataset/datasets.js';
import { findSlot, joinInstance } from './instance/join.js';
import { expireJoin, leaveInstance } from './instance/leave.js';
import { listInstances, waitingForJoins } from './instance/queries.js';
import { verifyInstances } from './instance/verify.js';
import { configureMarket, listConfirmations } from './market/configure.js';
import { proposeConfig, viewProposal, voteConfig } from './market/propose.js';
import { tick } from './market/tick.js';
import { listModels, registerModel } from './model/models.js';
import { listConduct, listParticipants, registerParticipant, whoAmI } from './participant/register.js';
import { reportUnavailable, revealUpdate, submitUpdate } from './round/answer.js';
import { expireRound, openRound, startRound } from './round/openStart.js';
import { getJob, getRound, listJobs, listRounds } from './round/queries.js';
import { closeRound, tallyRound } from './round/settle.js';

/** The function that carries out each transaction of the table. */
export const actions: { readonly [Name in TransactionName]: Action<Name> } = {
  ConfigureMarket: configureMarket,
  ProposeConfig: proposeConfig,
  VoteConfig: voteConfig,
  Tick: tick,
  GetConfig: (tx) => tx.config(),
  ListConfirmations: listConfirmations,
  GetClock: (tx) => tx.clock(),
  GetProposal: (tx, { proposalId }) => viewProposal(tx, proposalId),

  RegisterParticipant: registerParticipant,
  WhoAmI: whoAmI,
  GetParticipant: (tx, { participantId }) => tx.find(records.participant, 'participant', participantId),
  ListParticipants: listParticipants,
  ListConduct: listConduct,

  RegisterDataset: registerDataset,
  WithdrawDataset: withdrawDataset,
  GetDataset: getDataset,
  ListDatasets: listDatasets,
  GetSubset: getSubset,
  ListTrainedModels: listTrainedModels,

  JoinInstance: joinInstance,
  VerifyInstances: verifyInstances,
  ExpireJoin: expireJoin,
  LeaveInstance: leaveInstance,
  GetInstance: async (tx, { instanceId }) => (await findSlot(tx, instanceId)).instance,
  ListInstances: listInstances,
  WaitingForJoins: waitingForJoins,

  RegisterModel: registerModel,
  GetModel: (tx, { modelId }) => tx.find(records.model, 'model', modelId),
  ListModels: listModels,

  RequestTraining: requestTraining,
  ApproveTraining: approveTraining,
  RejectTraining: rejectTraining,
  FinishTraining: finishTraining,
  CancelTraining: cancelTraining,
  ReleaseRounds: releaseRounds,
  GetCouple: (tx, { coupleId }) => tx.find(records.couple, 'couple', coupleId),
  GetCoupleView: getCoupleView,
  ListCouples: listCouples,
  GetCoupleHistory: getCoupleHistory,

  OpenRound: openRound,
  StartRound: startRound,
  SubmitUpdate: submitUpdate,
  ReportUnavailable: reportUnavailable,
  CloseRound: closeRound,
  RevealUpdate: revealUpdate,
  TallyRound: tallyRound,
  ExpireRound: expireRound,
  GetRound: getRound,
  ListRounds: listRounds,
  GetJob: getJob,
  ListJobs: listJobs,
};
