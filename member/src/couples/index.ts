/** Plans, requests and answers of trainings. */
export { approveCouple, cancelCouple, rejectCouple } from './answerCouple.js';
export { planCouple } from './planCouple.js';
export type { CouplePlan } from './planCouple.js';
export { rejectReasonOf } from './rejectReason.js';
export { requestCouple } from './requestCouple.js';
