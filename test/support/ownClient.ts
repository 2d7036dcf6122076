import { createPrivateKey } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import {
  connect,
  hash,
  signers,
  type Gateway,
  type Proposal,
  type Signer,
} from '@hyperledger/fabric-gateway';
import { common, gateway as gatewayProtos, peer } from '@hyperledger/fabric-protos';
import { type LoadedProfile, loadProfile } from '@veritrain/client-sdk';
import { type InputOf, qualifiedName, type TransactionName } from '@veritrain/client-sdk/protocol';
import type { StoryMember } from './storyMarket.js';

/** What a member can do whose client is not the SDK. */
export interface Choices {
  /** In place of the time at which the proposal is made. */
  timestamp?: Date;
  /** MSP ids of those who are asked to endorse; otherwise the gateway chooses enough of them. */
  endorsers?: string[];
}

/** A member's connection without the SDK between. */
export class OwnClient {
  private readonly profile: LoadedProfile;
  private readonly client: grpc.Client;
  private readonly gateway: Gateway;
  private readonly signer: Signer;

  constructor({ member }: StoryMember) {
    this.profile = loadProfile(member.home.profilePath);
    const { mspId, certificatePem, privateKeyPem, gateway } = this.profile;
    const { address, tls } = gateway;
    const credentials =
      tls === undefined
        ? grpc.credentials.createInsecure()
        : grpc.credentials.createSsl(Buffer.from(tls.rootCertificatePem));
    const options = tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName };
    this.client = new grpc.Client(address, credentials, options);
    this.signer = signers.newPrivateKeySigner(createPrivateKey(privateKeyPem));
    const identity = { mspId, credentials: Buffer.from(certificatePem) };
    this.gateway = connect({ client: this.client, identity, signer: this.signer, hash: hash.sha256 });
  }

  async propose<Name extends TransactionName>(
    name: Name,
    input: InputOf<Name>,
    { timestamp, endorsers }: Choices = {},
  ): Promise<Proposal> {
    const contract = this.gateway.getNetwork(this.profile.channel).getContract(this.profile.chaincode);
    const proposal = contract.newProposal(qualifiedName(name), {
      arguments: [JSON.stringify(input)],
      ...(endorsers === undefined ? {} : { endorsingOrganizations: endorsers }),
    });
    return timestamp === undefined ? proposal : this.dated(proposal, timestamp);
  }

  /** A proposal whose arguments, the transaction's name with them, are exactly these, none included. */
  async proposeRaw(args: readonly string[]): Promise<Proposal> {
    const honest = await this.propose('GetClock', {});
    return this.altered(honest, (proposal) => {
      const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
      const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
      invocation
        .getChaincodeSpec()
        ?.getInput()
        ?.setArgsList(args.map((each) => Buffer.from(each)));
      payload.setInput(invocation.serializeBinary());
      proposal.setPayload(payload.serializeBinary());
    });
  }

  close(): void {
    this.gateway.close();
    this.client.close();
  }

  /** The same proposal, signed with another time in its header. */
  private dated(honest: Proposal, time: Date): Promise<Proposal> {
    return this.altered(honest, (proposal) => {
      const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
      const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
      channelHeader.getTimestamp()?.fromDate(time);
      header.setChannelHeader(channelHeader.serializeBinary());
      proposal.setHeader(header.serializeBinary());
    });
  }

  private async altered(honest: Proposal, alter: (proposal: peer.Proposal) => void): Promise<Proposal> {
    const proposed = gatewayProtos.ProposedTransaction.deserializeBinary(honest.getBytes());
    const signed = proposed.getProposal() ?? new peer.SignedProposal();
    const proposal = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
    alter(proposal);
    const bytes = proposal.serializeBinary();
    signed.setProposalBytes(bytes);
    const signature = await this.signer(hash.sha256(bytes));
    return this.gateway.newSignedProposal(proposed.serializeBinary(), signature);
  }
}
