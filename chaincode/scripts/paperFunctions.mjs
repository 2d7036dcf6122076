// The functions that the members of the OAM paper call, and what became of each here.
export const paperFunctions = [
  [
    'createDO',
    '`RegisterParticipant`',
    'One transaction for all roles. No name, organisation or address is stored; roles may have to be certified; one member for each identity.',
  ],
  [
    'createCO',
    '`RegisterParticipant`',
    'As above. A host’s public keys are registered with it, so that packages and locations can be sealed to it.',
  ],
  ['createMO', '`RegisterParticipant`', 'As above.'],
  [
    '(dataset)',
    '`RegisterDataset`',
    'Brings rules for requests, lifetime rounds and deadlines, which the paper has not. One transaction, whatever the number of subsets and replicas.',
  ],
  [
    'CreateDSS',
    '`RegisterDataset`',
    'Subsets follow from the dataset’s number of them. Left out: replica counts that differ by subset; the quorum is the dataset’s.',
  ],
  [
    'CreateCI',
    '`RegisterDataset`',
    'Slots follow from subsets × replicas; a slot has a record when somebody joins it. A host is invited off the ledger with a token that the contract checks.',
  ],
  [
    'JoinCI',
    '`JoinInstance`',
    'The host commits to the package’s digest: its nonce and its own id go into the hash, so that a copied value opens for nobody else. The paper publishes hash and nonce, which a sister can copy.',
  ],
  [
    'VerifyCI',
    '`VerifyInstances`',
    'The data owner gives a digest, the contract opens the commitments and pins the first digest that a quorum opens. In the paper the data owner’s word decides, and can frame a host.',
  ],
  ['CreateMod', '`RegisterModel`', 'Pins program, architecture and protection by digest; no URL.'],
  [
    'Request TC',
    '`RequestTraining`',
    'Brings the terms and the digest of a homomorphic key that was never used before. Refused until every subset has a quorum of verified slots.',
  ],
  [
    'ApproveTC',
    '`ApproveTraining`, `RejectTraining`',
    'Anchors the data owner’s draw chain and reserves lifetime rounds. Jobs come into being when their hosts answer, not here.',
  ],
  [
    'StartRound',
    '`OpenRound`, `StartRound`',
    'The paper alternates two halves, which the model owner can foresee. Here the model owner pins the model first, then the data owner opens a link that it fixed before: neither can steer the draw.',
  ],
  [
    'UpdateTJ',
    '`SubmitUpdate`, `ReportUnavailable`',
    'A commitment in place of a hash; handle and key are sealed; the object is uploaded when the subset has a quorum of commitments. A host that cannot have the model says so and is excused.',
  ],
  [
    '(check of replicas)',
    '`CloseRound`, `RevealUpdate`, `TallyRound`',
    'The contract opens the commitments and judges. In the paper the model owner compares hashes by itself. Left out: going on at two of five replies; the quorum is more than half.',
  ],
  [
    '(end of training)',
    '`FinishTraining`, `CancelTraining`',
    'The model owner ends with digest and metrics. Beyond the paper, whatever waits has a deadline after which anyone may end it.',
  ],
];
