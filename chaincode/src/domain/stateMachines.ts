import type { z } from 'zod';
import type { coupleState } from './couple.js';
import type { InstanceState } from './instance.js';
import type { Dataset } from './dataset.js';
import type { ConfigProposal } from './market.js';
import type { jobState, roundState } from './round.js';
import type { settlementState } from './verdict.js';
import type { StateMachine } from './transition.js';

/** The states of a dataset. */
export const datasetMachine: StateMachine<Dataset['state']> = {
  name: 'dataset',
  transitions: [
    { from: null, action: 'RegisterDataset', by: 'dataOwner', to: 'offered' },
    { from: 'offered', action: 'WithdrawDataset', by: 'dataOwner', to: 'withdrawn' },
  ],
};

/** The states of a slot. */
export const instanceMachine: StateMachine<InstanceState> = {
  name: 'instance',
  transitions: [
    { from: null, action: 'RegisterDataset', by: 'dataOwner', to: 'open' },
    { from: 'open', action: 'JoinInstance', by: 'cloudOwner', to: 'joined' },
    { from: 'joined', action: 'VerifyInstances', by: 'dataOwner', to: 'verified' },
    { from: 'joined', action: 'VerifyInstances', by: 'dataOwner', to: 'mismatched' },
    { from: 'joined', action: 'ExpireJoin', by: 'anyone', to: 'open' },
    { from: 'joined', action: 'LeaveInstance', by: 'cloudOwner', to: 'left' },
    { from: 'mismatched', action: 'LeaveInstance', by: 'cloudOwner', to: 'left' },
    { from: 'verified', action: 'LeaveInstance', by: 'cloudOwner', to: 'leaving' },
    { from: 'leaving', action: 'LeaveInstance', by: 'anyone', to: 'left' },
  ],
};

/** The states of a couple. */
export const coupleMachine: StateMachine<z.infer<typeof coupleState>> = {
  name: 'couple',
  transitions: [
    { from: null, action: 'RequestTraining', by: 'modelOwner', to: 'requested' },
    { from: 'requested', action: 'ApproveTraining', by: 'dataOwner', to: 'approved' },
    { from: 'requested', action: 'RejectTraining', by: 'dataOwner', to: 'rejected' },
    { from: 'requested', action: 'CancelTraining', by: 'anyone', to: 'cancelled' },
    { from: 'approved', action: 'CancelTraining', by: 'anyone', to: 'cancelled' },
    { from: 'approved', action: 'FinishTraining', by: 'modelOwner', to: 'finished' },
  ],
};

/** The states of an attempt. */
export const roundMachine: StateMachine<z.infer<typeof roundState>> = {
  name: 'round',
  transitions: [
    { from: null, action: 'OpenRound', by: 'modelOwner', to: 'opened' },
    { from: 'opened', action: 'StartRound', by: 'dataOwner', to: 'started' },
    { from: 'opened', action: 'ExpireRound', by: 'anyone', to: 'expired' },
  ],
};

/** The states of a job. */
export const jobMachine: StateMachine<z.infer<typeof jobState>> = {
  name: 'job',
  transitions: [
    { from: null, action: 'SubmitUpdate', by: 'cloudOwner', to: 'committed' },
    { from: null, action: 'ReportUnavailable', by: 'cloudOwner', to: 'unavailable' },
  ],
};

/** The states of a settlement. */
export const settlementMachine: StateMachine<z.infer<typeof settlementState>> = {
  name: 'settlement',
  transitions: [
    { from: null, action: 'CloseRound', by: 'modelOwner', to: 'settled' },
    { from: null, action: 'CloseRound', by: 'modelOwner', to: 'contested' },
    { from: null, action: 'TallyRound', by: 'anyone', to: 'settled' },
    { from: 'contested', action: 'TallyRound', by: 'anyone', to: 'settled' },
  ],
};

/** The states of a configuration proposal. */
export const proposalMachine: StateMachine<ConfigProposal['state']> = {
  name: 'proposal',
  transitions: [
    { from: null, action: 'ProposeConfig', by: 'organization', to: 'open' },
    { from: 'open', action: 'VoteConfig', by: 'organization', to: 'open' },
    { from: 'open', action: 'VoteConfig', by: 'organization', to: 'adopted' },
    { from: 'open', action: 'VoteConfig', by: 'organization', to: 'refused' },
  ],
};
