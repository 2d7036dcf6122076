import { common, msp, peer } from '@hyperledger/fabric-protos';
import { expect, it } from 'vitest';
import { application, implicit, peerOf, signaturePolicy, signatures } from '../testing/channelBlocks.js';
import { readEndorsementPolicy } from './endorsementPolicy.js';

const { ANY, ALL, MAJORITY } = common.ImplicitMetaPolicy.Rule;
const anonymous = (): msp.MSPPrincipal => {
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ANONYMITY);
  return principal;
};
const four = ['Org1MSP', 'Org2MSP', 'Org3MSP', 'Org4MSP'].map(peerOf);

function byReference(reference: string): Uint8Array {
  const policy = new peer.ApplicationPolicy();
  policy.setChannelConfigPolicyReference(reference);
  return policy.serializeBinary();
}

function bySignatures(...parts: Parameters<typeof signatures>): Uint8Array {
  const policy = new peer.ApplicationPolicy();
  policy.setSignaturePolicy(signatures(...parts));
  return policy.serializeBinary();
}

it.each([
  ['any of four', implicit(ANY), { toWrite: 1, toVeto: 4 }],
  ['all of four', implicit(ALL), { toWrite: 4, toVeto: 1 }],
  ['a majority of four', implicit(MAJORITY), { toWrite: 3, toVeto: 2 }],
  [
    'two signatures of a list',
    signaturePolicy(signatures({ n: 2, of: [0, 1, 2, 3] }, four)),
    { toWrite: 2, toVeto: 3 },
  ],
  ['none', undefined, undefined],
])('the channel’s policy holds where a contract has none of its own: %s', (_, policy, expected) => {
  for (const parameter of [new Uint8Array(), byReference('/Channel/Application/Endorsement')])
    expect(readEndorsementPolicy(parameter, application(policy))).toEqual(expected);
});

it.each([
  ['any of two', { n: 1, of: [0, 1] }, four, { toWrite: 1, toVeto: 2 }],
  ['both of two', { n: 2, of: [0, 1] }, four, { toWrite: 2, toVeto: 1 }],
  ['one with any of the others', { n: 2, of: [0, { n: 1, of: [1, 2, 3] }] }, four, { toWrite: 2, toVeto: 1 }],
  [
    'two choices of two',
    {
      n: 1,
      of: [
        { n: 2, of: [0, 1] },
        { n: 2, of: [2, 3] },
      ],
    },
    four,
    { toWrite: 2, toVeto: 2 },
  ],
  [
    'two signatures, both of which one organisation can give',
    { n: 2, of: [0, 1, 2] },
    [peerOf('Org1MSP'), peerOf('Org1MSP'), peerOf('Org2MSP')],
    { toWrite: 1, toVeto: 1 },
  ],
  [
    'no signature, where somebody has to answer all the same',
    { n: 0, of: [] },
    four,
    { toWrite: 1, toVeto: 4 },
  ],
  ['an organisation that the channel does not have', { n: 1, of: [0] }, [peerOf('OtherMSP')], undefined],
  ['a signer of a kind that is no organisation', { n: 1, of: [0] }, [anonymous()], undefined],
])('a contract’s own signatures: %s', (_, choice, signers, expected) => {
  const parameter = bySignatures(choice, signers);
  expect(readEndorsementPolicy(parameter, application(implicit(MAJORITY)))).toEqual(expected);
});

it('a policy of the whole channel, or one that is not there, is not read', () => {
  const group = application(implicit(MAJORITY));
  expect(readEndorsementPolicy(byReference('/Channel/Admins'), group)).toBeUndefined();
  expect(readEndorsementPolicy(byReference('/Channel/Application/Nothing'), group)).toBeUndefined();
});

it('a policy over more organisations than can be tried is not read', () => {
  const group = application(implicit(MAJORITY));
  for (let index = 5; index <= 17; index += 1)
    group.getGroupsMap().set(`Org${index.toString()}MSP`, new common.ConfigGroup());
  expect(readEndorsementPolicy(new Uint8Array(), group)).toBeUndefined();
});
