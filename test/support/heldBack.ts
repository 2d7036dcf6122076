import { createPrivateKey } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import { connect, hash, signers, type Transaction } from '@hyperledger/fabric-gateway';
import { loadProfile, qualifiedName, type InputOf, type TransactionName } from '@veritrain/client-sdk';
import type { StoryMember } from './storyMarket.js';

export interface HeldBack {
  readonly transaction: Transaction;
  close(): void;
}

/** Has a transaction endorsed, and keeps it: what a member can do whose client is not the SDK. */
export async function endorseOnly<Name extends TransactionName>(
  { member }: StoryMember,
  name: Name,
  input: InputOf<Name>,
): Promise<HeldBack> {
  const profile = loadProfile(member.home.profilePath);
  const client = new grpc.Client(profile.gateway.address, grpc.credentials.createInsecure());
  const gateway = connect({
    client,
    identity: { mspId: profile.mspId, credentials: Buffer.from(profile.certificatePem) },
    signer: signers.newPrivateKeySigner(createPrivateKey(profile.privateKeyPem)),
    hash: hash.sha256,
  });
  const contract = gateway.getNetwork(profile.channel).getContract(profile.chaincode);
  const proposal = contract.newProposal(qualifiedName(name), { arguments: [JSON.stringify(input)] });
  const close = (): void => {
    gateway.close();
    client.close();
  };
  return { transaction: await proposal.endorse(), close };
}
