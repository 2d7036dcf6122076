/** Plans, requests and answers of trainings. @module */
export { approveCouple, cancelCouple, rejectCouple, rejectReasonOf } from './answerCouple.js';
export type { AnsweredCouple, ApproveCoupleInput } from './answerCouple.js';
export { planCouple, requestCouple } from './planCouple.js';
export type { MeasuredSteps } from './measureRound.js';
export type { RecordedPace } from './recordedPace.js';
export type { CouplePlan, PlanCoupleInput, PlannedCouple, PlannedMoments } from './planCouple.js';
