/**
 * Every error of this package: code → short name and help. The help says what to do, not what happened
 * (that is the message). Codes never change meaning.
 */
export const trainingErrors = {
  VT7001: {
    name: 'CSV_UNREADABLE',
    help: 'Save the table as CSV in UTF-8 with one header line and the same number of cells in every row. Name the character between cells where it is an unusual one (--delimiter). Row names that have no header cell: --index drop.',
  },
  VT7002: { name: 'MISSING_TARGET', help: 'Name the column to predict, exactly as in the header line.' },
  VT7003: {
    name: 'BAD_COLUMN_NAME',
    help: 'Give every column a name of its own, of 1 to 200 characters, in the header line. Leading columns without a name: leave them out (--index drop), or take them as features (--index keep).',
  },
  VT7004: {
    name: 'TEXT_CELL',
    help: 'Say how numbers are written (--decimal, --thousands), or mend the cell. A column of categories, some of them numbers: --category <column>. To leave the column out: --drop <column>.',
  },
  VT7005: {
    name: 'MISSING_VALUE',
    help: 'Fill cells with the median or the most frequent level (--missing fill), leave the column out (--drop <column>), or drop the row. A row to predict needs a value wherever training always had one.',
  },
  VT7006: {
    name: 'NUMBER_OUT_OF_RANGE',
    help: 'Use finite numbers of magnitude at most 1e100; change the unit of the column.',
  },
  VT7007: {
    name: 'CONSTANT_COLUMN',
    help: 'Leave the column out (--drop <column>): it carries no information. Levels of few rows are merged: keep them with a lower --rare-level. A constant target leaves nothing to learn.',
  },
  VT7008: {
    name: 'TOO_FEW_ROWS',
    help: 'Bring at least 30 rows to train on, beside at least 10 that are set aside (--test-share 0 sets none aside).',
  },
  VT7009: {
    name: 'TOO_MANY_ROWS',
    help: 'Bring at most 100000 rows to read at once (fewer where they have more than 335 columns), or 4000000 to split from a file.',
  },
  VT7010: {
    name: 'FEATURE_COUNT',
    help: 'Keep 1 to 1,024 features beside the target: leave columns out (--drop), or merge more levels (--rare-level).',
  },
  VT7011: {
    name: 'MISSING_COLUMN',
    help: 'Name columns as the table does; to predict, bring every column that the model was trained on.',
  },
  VT7012: {
    name: 'UNSEEN_CHARACTER',
    help: 'Take the character out: control and zero-width characters make names that look alike differ. Names and texts have at most 200 characters.',
  },
  VT7013: {
    name: 'AMBIGUOUS_TABLE',
    help: 'Say which reading is right: --decimal . or --decimal , for numbers, --delimiter for the character between cells.',
  },
  VT7014: {
    name: 'NOT_TWO_CLASSES',
    help: 'Logistic models need a target of exactly two values: write the two as the `classes` of the program, or map the target to 0 and 1. A target of text has 2 to 16 texts; more than two are for --family multiLogistic, or ridgeClassifier beyond 32 features.',
  },
  VT7015: {
    name: 'TOO_MANY_LEVELS',
    help: 'A column of names, ids or free text teaches nothing: leave it out (--drop <column>). A number with its unit in the cell: take the unit out.',
  },
  VT7016: {
    name: 'DATE_CELL',
    help: 'Turn the date into a number that means something to the target, such as an age in years or days since an event, or leave the column out (--drop <column>).',
  },
  VT7017: {
    name: 'NESTED_COLUMN',
    help: 'Make a column of numbers or of texts of each part, or leave the column out (--drop <column>).',
  },
  VT7018: {
    name: 'LEVELS_ARE_CODES',
    help: 'The data owner replaced the texts of this column by codes. Give its codebook (--codebook <file>; codebook.json beside the packages of the split), or bring rows that have the codes. A text without a code: (other).',
  },
  VT7019: {
    name: 'CODEBOOK_DOES_NOT_FIT',
    help: 'Use the codebook that was made by the split of the dataset that the model was trained on, with every code. A model whose levels are texts needs none.',
  },
  VT7101: {
    name: 'TOO_FEW_SUBSETS',
    help: 'Ask for at least 2 subsets, or 3 where replies are added up (--aggregation sum), and for so many that no package has more than 132,000,000 numbers, rows × (features + 1).',
  },
  VT7102: {
    name: 'TOO_MANY_SUBSETS',
    help: 'Ask for fewer subsets or bring more rows: every subset needs at least 10 rows.',
  },
  VT7201: { name: 'BAD_TEMPLATE', help: 'Use the template that the data owner published, byte for byte.' },
  VT7202: {
    name: 'BAD_PACKAGE',
    help: 'Ask the data owner for the package again; do not train on this one.',
  },
  VT7301: {
    name: 'BAD_PROGRAM',
    help: 'See trainingProgramSchema for the fields and their ranges. A family that Veritrain does not bring has to be registered in the process of every member, from the same code (registerFamily of @veritrain/training/families); the command has none.',
  },
  VT7302: {
    name: 'FEATURES_DO_NOT_FIT',
    help: 'Take fewer columns, a feature map that makes fewer features, or a family that takes more: linear and logistic models take 32, ridge regression (--family ridge) and ridge classifiers (--family ridgeClassifier) 1,024. Maps of images need a column for each pixel.',
  },
  VT7303: {
    name: 'NO_SUCH_PROGRAM',
    help: 'Take a family that fits (`wouldFit` names them), another task or another feature map. The classes of a target of numbers are told to `veritrain model register --classes`.',
  },
  VT7304: {
    name: 'OTHER_FAMILY',
    help: 'Members have different code for one family: register the same bytes everywhere, and define the program with them. Give changed code another name, so that models of the old one can still be used.',
  },
  VT7305: {
    name: 'BAD_FAMILY',
    help: 'See ModelFamily for the parts of a family. Its name is a letter and up to 63 letters and digits, and no other family has it.',
  },
  VT7401: { name: 'WRONG_SIZE', help: 'The message is truncated or has bytes too many: fetch it again.' },
  VT7402: {
    name: 'NOT_A_MESSAGE',
    help: 'The bytes are not of the kind that is expected here: check which object was fetched.',
  },
  VT7403: {
    name: 'WRONG_PARAMETERS',
    help: 'Both sides must use the parameter set that the training program names.',
  },
  VT7404: { name: 'WRONG_LEVEL', help: 'The message must hold exactly the primes of the parameter set.' },
  VT7405: { name: 'WRONG_SCALE', help: 'The message must be encoded at the scale of the parameter set.' },
  VT7406: {
    name: 'WRONG_PACKING',
    help: 'The message must be packed for the number of features of the dataset.',
  },
  VT7407: {
    name: 'RESIDUE_OUT_OF_RANGE',
    help: 'The message was not made by a correct implementation; refuse it.',
  },
  VT7408: {
    name: 'WRONG_BINDING',
    help: 'The message belongs to another channel, chaincode, couple or attempt.',
  },
  VT7409: { name: 'NOT_A_NUMBER', help: 'The message holds a value that is not a finite number; refuse it.' },
  VT7410: {
    name: 'ENGINE_MISMATCH',
    help: 'Use Node 22.12 or newer, install the exact version of node-seal that this package names, and build the package again.',
  },
  VT7411: {
    name: 'WEIGHT_OUT_OF_RANGE',
    help: 'No correct model owner sends such a model; refuse it.',
  },
  VT7501: { name: 'BAD_ARGUMENT', help: 'See the documentation of the function for shapes and ranges.' },
  VT7502: {
    name: 'UNKNOWN_SUBSET',
    help: 'Updates must name a subset of the dataset, each at most once a round.',
  },
  VT7503: { name: 'ATTEMPT_ORDER', help: 'Attempts only grow: apply each round once, in order.' },
  VT7504: {
    name: 'BAD_STATE',
    help: 'Restore the checkpoint that the trainer returned, for the same program and template.',
  },
  VT7506: {
    name: 'RARE_CELL',
    help: 'Second moments show such a row to the model owner. Use fewer subsets, merge rare values or cap far ones in the table, or set a lower floor (--least-cell).',
  },
  VT7507: {
    name: 'RARE_PAIR',
    help: 'The program shows third moments, or second moments of features that it makes of several columns, and these show such a row to the model owner. Reject the request, and ask for a program that shows second moments of the columns alone (linear, or logistic with degree 1). To accept that such rows can be read: --accept-rare-rows.',
  },
  VT7508: {
    name: 'SECOND_MOMENTS_ONLY',
    help: 'A dataset with differential privacy gives second moments of its columns alone. Ask for a linear program, or a logistic one of degree 1, without a feature map.',
  },
  VT7509: {
    name: 'NO_BOUNDS',
    help: 'State the least and largest value of each column from what is known of it, not from the rows (--bounds age=18:100). Texts and gaps: turn them into numbers before. To take what the rows show of the other columns for public knowledge: --observed, which the template then says.',
  },
  VT7510: {
    name: 'TOO_MANY_MOMENTS',
    help: 'A model owner learns nearly as many sums over these rows as they have values, and may solve for them. Use fewer subsets, sums over batches (--aggregation sum) or fewer columns, or ask for a program that shows less (linear, fewer features in its map). To accept that rows can be worked out: a lower --values-per-moment at the split, or --accept-rare-rows for one training.',
  },
  VT7511: {
    name: 'STOPPED',
    help: 'The caller stopped this computation before its end, and nothing came of it. The same call again gives the same result.',
  },
} as const satisfies Record<string, { name: string; help: string }>;

/** Code of a {@link TrainingError}. */
export type TrainingErrorCode = keyof typeof trainingErrors;

/** Facts that go with an error: names, counts, limits. Never a secret; values of the data in those that its owner sees: VT7004 to VT7006, VT7012 to VT7016, VT7506. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean>>;

/** The one error class of this package. `message` starts with code and name, as the ledger's messages do. */
export class TrainingError extends Error {
  /** `VT` and four digits. */
  readonly code: TrainingErrorCode;
  /** The code's name, such as `MISSING_TARGET`. */
  readonly reason: string;
  /** What there is to know, by name. */
  readonly facts: ErrorFacts;
  /** What to do. */
  readonly hint: string;

  constructor(code: TrainingErrorCode, what: string, facts: ErrorFacts = {}, cause?: unknown) {
    const entry = trainingErrors[code];
    super(`${code} ${entry.name}: ${what}`, cause === undefined ? undefined : { cause });
    this.name = 'TrainingError';
    this.code = code;
    this.reason = entry.name;
    this.facts = facts;
    this.hint = entry.help;
  }
}
