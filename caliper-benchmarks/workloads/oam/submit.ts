import { z } from 'zod';
import type { PreparedIdentity } from '../preparedMarket.js';
import type { Enqueue } from '../story/stepQueue.js';

const asset = z.looseObject({ id: z.string(), curDssIds: z.array(z.string()).optional() });

/** The part of the contract's answer that a step of the flow needs. */
export type OamAsset = z.infer<typeof asset>;

/** The functions that members call. */
type OamFunction =
  | 'createDO'
  | 'createMO'
  | 'createCO'
  | 'CreateDS'
  | 'CreateDSS'
  | 'CreateCI'
  | 'JoinCI'
  | 'VerifyCI'
  | 'CreateMod'
  | 'RequestTC'
  | 'ApproveTC'
  | 'StartRound'
  | 'UpdateTJ'
  | 'EndTC'
  | 'PayTC';

/** Queues a member's call of OAM's contract. The workload sends it in turn. */
export type OamSubmit = (member: PreparedIdentity, name: OamFunction, input: object) => Promise<OamAsset>;

/** @param contractId the contract's name on the channel */
export const oamSubmitBy =
  (enqueue: Enqueue, contractId: string): OamSubmit =>
  async (member, contractFunction, input) => {
    const answer = await enqueue({ member, contractId, contractFunction, argument: JSON.stringify(input) });
    return asset.parse(JSON.parse(Buffer.from(answer).toString()));
  };
