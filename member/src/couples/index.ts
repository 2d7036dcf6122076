/** Plans, requests and answers of trainings. */
export { approveCouple, cancelCouple, rejectCouple, rejectReasonOf } from './answerCouple.js';
export { planCouple, requestCouple } from './planCouple.js';
export type { CouplePlan } from './planCouple.js';
