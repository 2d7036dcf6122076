import { gateway, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { Admission } from './admission.js';

const RESOURCE_EXHAUSTED = 8;

describe('Admission', () => {
  it('takes so many calls at once, and the next when one has ended', () => {
    const admission = new Admission();
    const leave = Array.from({ length: 2500 }, () => admission.enter());
    expect(() => admission.enter()).toThrow(expect.objectContaining({ code: RESOURCE_EXHAUSTED }));
    leave[7]?.();
    expect(() => admission.enter()).not.toThrow();
  });

  it('takes so many bytes of requests at once', () => {
    const admission = new Admission();
    const { endorse } = admission.measuring(gateway.GatewayService) as unknown as {
      endorse: { requestDeserialize(bytes: Buffer): object };
    };
    const large = new gateway.EndorseRequest();
    const proposal = new peer.SignedProposal();
    proposal.setProposalBytes(new Uint8Array(16_000_000));
    large.setProposedTransaction(proposal);
    const bytes = Buffer.from(large.serializeBinary());
    const leave = Array.from({ length: 16 }, () => admission.enter(endorse.requestDeserialize(bytes)));
    const next = endorse.requestDeserialize(bytes);
    expect(() => admission.enter(next)).toThrow(expect.objectContaining({ code: RESOURCE_EXHAUSTED }));
    expect(() => admission.enter()).not.toThrow();
    leave[0]?.();
    expect(() => admission.enter(next)).not.toThrow();
  });
});
