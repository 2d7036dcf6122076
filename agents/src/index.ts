/** The daemons of a market's roles, and what its commands do, for programs that run markets of their own. */
export { openMember, startEmbeddedLedger } from './wiring.js';
export type { LedgerProcess, Member } from './wiring.js';
export type { LedgerProcessOptions, LedgerReady } from './runtime/ledgerProcess.js';

export { findMinio, haveMinio, minioInstallCommand } from './runtime/minioProgram.js';
export { startMinio } from './runtime/minioProcess.js';
export type { MinioOptions, MinioProcess } from './runtime/minioProcess.js';

export { vaultInit } from './actions/vaultInit.js';
export type { IssuedGrant, VaultInitInput, VaultInitResult } from './actions/vaultInit.js';
export { vaultUse } from './actions/vaultUse.js';
export type { VaultUseInput } from './actions/vaultUse.js';
export { freeObjects, vaultContents } from './actions/vaultGc.js';
export type { VaultContents } from './actions/vaultGc.js';

export { runAgent } from './roles/runAgent.js';
export type { AgentOptions } from './roles/runAgent.js';
export type { ApprovalPolicy } from './roles/dataOwner.js';
export { drills } from './roles/drills.js';
export type { Drill } from './roles/drills.js';
export { agentSteps } from './runtime/crashPoint.js';
export type { StepName } from './runtime/crashPoint.js';
export { createLogger } from './runtime/logger.js';
export type { LogFormat, Logger } from './runtime/logger.js';
export { healthFile, healthSchema } from './runtime/health.js';
export type { Health } from './runtime/health.js';
export { MemberHome } from './runtime/memberHome.js';
export { StateFile } from './runtime/stateFile.js';
export {
  encodeTrainedModel,
  modelSalt,
  trainedModelFile,
  trainedModelSchema,
} from './runtime/trainedModel.js';
export type { TrainedModel } from './runtime/trainedModel.js';
export { roundResultFile } from './roles/coupleProgress.js';
export type { RoundResult } from './roles/coupleProgress.js';

export { AgentsError } from './actions/agentsError.js';
export { agentsErrors } from './actions/errorTable.js';
export type { AgentsErrorCode } from './actions/errorTable.js';
export type { ActionContext } from './actions/context.js';
export { createProfile } from './actions/createProfile.js';
export { readMarketWay } from './actions/readMarketWay.js';
export { readFabricOrganization } from './actions/fabricOrganization.js';
export type { FabricOrganizationInput } from './actions/fabricOrganization.js';
export type { MarketWay } from './actions/marketWay.js';
export type { Connection } from './actions/connectionFile.js';
export { enrolMember, randomEnrolmentId, registrarOf } from './actions/enrolMember.js';
export { readMspUser } from './actions/mspUser.js';
export type { Credentials } from './actions/mspUser.js';
export { registerParticipant } from './actions/registerParticipant.js';
export { splitDataset } from './actions/splitDataset.js';
export { publishDataset } from './actions/publishDataset.js';
export { assignHosts } from './actions/assignHosts.js';
export { inviteHosts } from './actions/inviteHosts.js';
export type { Assignment } from './actions/inviteHosts.js';
export { openInvite } from './actions/invite.js';
export type { Invite, InviteFile } from './actions/invite.js';
export { joinInstances } from './actions/joinInstances.js';
export { openInstancePackage } from './actions/instancePackage.js';
export { verifyInstances } from './actions/verifyInstances.js';
export { registerModel } from './actions/registerModel.js';
export { planCouple } from './actions/planCouple.js';
export type { CouplePlan } from './actions/planCouple.js';
export { requestCouple } from './actions/requestCouple.js';
export { approveCouple, cancelCouple, rejectCouple } from './actions/answerCouple.js';
export { getPublicDocument, putPublicDocument } from './actions/publicDocument.js';

export { envelopeSchema, itemLineSchema } from './cli/envelope.js';
export type { Envelope, ItemLine } from './cli/envelope.js';
export { exitStatus } from './cli/exitStatus.js';
export type { ExitStatus } from './cli/exitStatus.js';
