/** The market for applications, from the view of one member. @module */
export { createMember, openMember } from './createMember.js';
export type { CreateMemberInput, OpenMemberOptions } from './createMember.js';
export { MarketMember } from './marketMember.js';
export { openMarket } from './openMarket.js';
export type { OpenMarketInput } from './openMarket.js';
export type { ActionContext } from './calls/action.js';
export type { MarketEndpoint } from './enrolment/marketEndpoint.js';

export type {
  InviteOptions,
  MemberDataset,
  MemberDatasets,
  PublishTableOptions,
} from './datasets/memberDatasets.js';
export type { Row, TableInput } from './datasets/tableInput.js';
export type { InviteFile } from './datasets/invite.js';
export type { JoinOptions, MemberInstances } from './instances/memberInstances.js';
export type { CodebookOption, MemberModels, TrainingResult } from './models/memberModels.js';
export type { Predictions } from './models/trainedModel.js';
export type { TrainedModel } from './models/trainedModel.js';
export type { MemberCouple, MemberCouples, TrainingTerms } from './couples/memberCouples.js';
export type { CouplePlan } from './couples/planCouple.js';
export type { MeasuredSteps } from './couples/measureRound.js';
export type { RecordedPace } from './couples/recordedPace.js';
