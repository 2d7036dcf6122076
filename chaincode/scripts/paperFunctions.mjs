// The functions that members call in the OAM paper, and the transactions that replace them here.
export const paperFunctions = [
  [
    'createDO',
    '`RegisterParticipant`',
    'One transaction for all roles. No name, organisation or address is stored; a market may require certified roles; one member for each identity.',
  ],
  [
    'createCO',
    '`RegisterParticipant`',
    'As above. The host registers its public keys, and data owners seal packages and locations to them.',
  ],
  ['createMO', '`RegisterParticipant`', 'As above.'],
  [
    '(dataset)',
    '`RegisterDataset`',
    'Adds rules for requests, lifetime rounds and deadlines, which the paper does not have. One transaction for any number of subsets and replicas.',
  ],
  [
    'CreateDSS',
    '`RegisterDataset`',
    'The dataset’s number of subsets determines them. Left out: replica counts that differ by subset; the quorum is the dataset’s.',
  ],
  [
    'CreateCI',
    '`RegisterDataset`',
    'Subsets × replicas determine the slots; a slot gets a record when a host joins it. The data owner invites a host off the ledger with a token that the contract checks.',
  ],
  [
    'JoinCI',
    '`JoinInstance`',
    'The host commits to the package’s digest: its nonce and its own id go into the hash, so a copied commitment opens for no other host. The paper publishes hash and nonce, which a sister can copy.',
  ],
  [
    'VerifyCI',
    '`VerifyInstances`',
    'The data owner gives a digest, the contract opens the commitments and pins the first digest that a quorum opens. In the paper the data owner alone decides, so it can frame a host.',
  ],
  ['CreateMod', '`RegisterModel`', 'Pins program, architecture and protection by digest; no URL.'],
  [
    'Request TC',
    '`RequestTraining`',
    'Carries the terms and the digest of a homomorphic key that its owner has not used before. The contract refuses it until every subset has a quorum of verified slots.',
  ],
  [
    'ApproveTC',
    '`ApproveTraining`, `RejectTraining`',
    'Anchors the data owner’s draw chain and reserves lifetime rounds. A host’s answer creates its job; this does not.',
  ],
  [
    'StartRound',
    '`OpenRound`, `StartRound`',
    'The paper alternates two halves, which the model owner can foresee. Here the model owner pins the model first, then the data owner opens a link that it committed to earlier. Neither can steer the draw.',
  ],
  [
    'UpdateTJ',
    '`SubmitUpdate`, `ReportUnavailable`',
    'A commitment in place of a hash; handle and key are sealed; the host uploads the object when the subset has a quorum of commitments. A host that cannot get the model reports it and is excused.',
  ],
  [
    '(check of replicas)',
    '`CloseRound`, `RevealUpdate`, `TallyRound`',
    'The contract opens the commitments and judges. In the paper the model owner compares hashes by itself. Left out: continuing at two of five replies; the quorum is more than half.',
  ],
  [
    '(end of training)',
    '`FinishTraining`, `CancelTraining`',
    'The model owner ends with digest and metrics. Beyond the paper, each wait has a deadline, and anyone may end it after that.',
  ],
];
