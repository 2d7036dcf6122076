import type { z } from 'zod';
import type { RowVisitor } from '../data/rowBlock.js';
import type { SecondMoments } from '../data/secondMoments.js';
import type { FamilyTemplate } from '../maps/mappedRows.js';
import type { ModelMetric, ModelParameters } from './result.js';
import type { ScoresOf } from './scores.js';

/** What a model predicts: a number, or the probability of a class. */
export type Task = 'regression' | 'classification';

/** What is public of a subset's rows: how many there are of how many, and how wide they are. */
export interface SubsetShape {
  /** Of a row. */
  readonly features: number;
  /** Of the subset. */
  readonly rows: number;
  /** Of the whole table. */
  readonly totalRows: number;
  /** Bound on the mean square of a feature, where a feature map makes one; totalRows / rows where it does not. */
  readonly maxMeanSquare?: number | undefined;
  /**
   * The rows are those of a batch of subsets, and this subset's numbers are added to the others', each weighted by its rows. So all
   * units have to follow from what is public.
   */
  readonly isSummed?: boolean | undefined;
}

/**
 * What a model owner can work out of a subset, whatever it asks: its second moments, which show a row that one column singles out,
 * or third moments of the features too, which show one that two columns single out together. Of features that a map makes of
 * several columns second moments show a row that any of them single out together.
 */
export type Exposure = 'secondMoments' | 'thirdMoments' | 'mappedMoments';

/**
 * Sizes of a family's messages. Model owner and hosts compute them alike: they follow from the program and the number of
 * features, never from rows.
 */
export interface MessageShape {
  /** Numbers of a query, of each vector where there are several: 1 to some thousands. One ciphertext, 131 kB, holds 256 of them for up to 16 outputs, 128 for up to 32. */
  readonly inputs: number;
  /** Numbers of a reply, of each vector where there are several: 1 to 32, more where `vectors` is given. */
  readonly outputs: number;
  /**
   * How many vectors share the matrix, 1 to 16: a query is all of them, one behind the other, and so is a reply. Where it is
   * given, messages are packed in coefficients (`he/circuits/coefficients`), which takes more inputs and outputs, but no imaginary
   * part, and keeps 26 bits of replies and set-ups of up to ±120.
   */
  readonly vectors?: number | undefined;
  /** Whether maps have an imaginary part, so that a reply has as many numbers again. */
  readonly imaginary: boolean;
  /** Bound on the size of a query's numbers. Hosts refuse others in clear; the bound on a reply's noise follows from it. */
  readonly maxInput: number;
  /** Numbers that a host says once of its subset ({@link Setup}), up to 8,192; 0 where there is no set-up. */
  readonly setup: number;
  /**
   * Whether hosts have their maps encrypted only, and multiply ciphertexts by ciphertexts. The program says it, not the family; it takes
   * a family with one vector, no imaginary part and no set-up.
   */
  readonly isMapEncrypted?: boolean | undefined;
  /** What 1 in a reply is in the units of the family's gradients or steps; 1 if absent. Results keep so many bits fewer. */
  readonly unit?: number | undefined;
}

/**
 * What a host makes of a query: matrix·query + offset. The matrix is never sent, so a query's size is all that it costs. A
 * second matrix makes a second result of the same query, which travels in the same reply.
 */
export interface HostMap {
  /** Numbers of a query. */
  readonly inputs: number;
  /** Numbers of a reply. */
  readonly outputs: number;
  /** As in {@link MessageShape}. */
  readonly vectors?: number | undefined;
  /** outputs × inputs, row-major. */
  readonly matrix: Float64Array;
  /** Numbers of the first result that need no query: one for each output, vector by vector. */
  readonly offset: Float64Array;
  /** outputs × inputs, row-major: the second result is imaginary·query. Given where the shape says so, and only there. */
  readonly imaginary?: Float64Array | undefined;
}

/**
 * Numbers that a host says of its subset once, without a query, beside the first reply that the model owner can use: second moments,
 * say. A reply's own precision is 20 bits behind the binary point at best; a set-up's is 22 and more.
 */
export interface Setup<Head = unknown, Moments = unknown, State = unknown> {
  /**
   * Host: as many numbers as the shape says. Any finite ones: one beyond the range of the encryption (256 at 1,056 numbers,
   * 1,024 at 272) is sent as its bound.
   */
  numbers(moments: Moments, head: Head, shape: SubsetShape): Float64Array;
  /** Model owner: whether the state has the numbers of a subset. They are asked for again until it has. */
  isKnown(state: State, subset: number): boolean;
}

/** Sums over the rows of a subset while they stream by; memory does not depend on the number of rows. */
export interface MomentSums<Moments> extends RowVisitor {
  /** The moments of all rows that went by. */
  moments(): Moments;
}

/** What one subset replied, in the family's units. */
export interface SubsetReply {
  /** Index of the subset, or of the batch, from 0. */
  readonly subset: number;
  /** matrix·query + offset: one number for each output. */
  readonly values: readonly number[];
  /** imaginary·query: one number for each output where the shape says `imaginary`, none otherwise. */
  readonly imaginary: readonly number[];
  /** The set-up, where the state did not have it; undefined where it did. */
  readonly setup?: readonly number[] | undefined;
}

/** A state and the program and dataset that it belongs to. */
export interface Trained<Head, State> {
  /** The family's part of the program. */
  readonly head: Head;
  /** The dataset. */
  readonly template: FamilyTemplate;
  /** The model owner's state. */
  readonly state: State;
  /** Rounds that brought at least one usable reply. */
  readonly rounds: number;
}

/** Figures of one step, for people to watch. */
export interface StepFigures {
  /**
   * Length of the gradient over all subsets used so far at the model that this round asked about, in the family's units:
   * as seen for this round's subsets, by the estimate of the loss for the others. 0 where nothing is known.
   */
  readonly gradientNorm: number;
  /** Estimate of what the model gains over the first one, 0 or less, in the family's units. Later replies correct it. */
  readonly lossEstimate: number;
  /**
   * The model has reached a bound: a number the range that is encrypted, so that the owner asks about it from within, or its
   * predictions the most that the family allows.
   */
  readonly boundActive: boolean;
  /** The estimate says that a step made the model worse: it was taken back. */
  readonly stepRefused: boolean;
  /** How far the model moved, in the family's units. */
  readonly step: number;
}

/** What a model owner can say of its model's loss on the rows that were trained on, none of which it has seen. */
export interface TrainingLoss {
  /** Figures as {@link ModelFamily.loss} names them where they are the same; none while nothing is known. */
  readonly metrics: readonly ModelMetric[];
  /** The subsets whose replies went into them, ascending. */
  readonly subsets: readonly number[];
}

/** What a step makes. */
export interface Stepped<State> {
  /** The next state. */
  readonly state: State;
  /** For people to watch. */
  readonly figures: StepFigures;
}

/**
 * A kind of model. A round is the same for all of them: the model owner encrypts a query, each host answers with one
 * plaintext matrix times that query plus an offset, and the owner makes its next model of the replies, in clear. All
 * methods are pure: same input, same numbers on every machine, so only + − × ÷ √ in a fixed order where hosts compute.
 *
 * Adding a family is a folder here, a line in `registry.ts`, and passing `families.test.ts`.
 */
export interface ModelFamily<Head = unknown, Moments = unknown, State = unknown> {
  /** What programs call it. */
  readonly name: string;
  /** Most features that it takes. */
  readonly maxFeatures: number;
  /** Whether mapped rows get a last feature that is 1: the family trains no intercept of its own. */
  readonly wantsOnes: boolean;
  /** What it predicts: numbers, the probability of the second of two classes, or the likeliest of several. */
  readonly task: Task;
  /** The family's part of a program: a literal in, a checked value out. */
  readonly headSchema: z.ZodType<Head>;
  /** The family's part of a model owner's state. JSON in, JSON out, without loss. */
  readonly stateSchema: z.ZodType<State>;
  /** A head from a few choices; the schema judges it afterwards. */
  chooseHead(choices: Readonly<Record<string, unknown>>): unknown;

  /** Anyone: what the replies of enough rounds say of a subset's rows, to a model owner that asks whatever it likes. */
  exposes(head: Head): Exposure;
  /** Anyone: sizes of all messages. */
  messages(head: Head, features: number): MessageShape;
  /** What hosts say once, where `messages` says that they do. */
  readonly setup?: Setup<Head, Moments, State>;

  /**
   * Host: sums of one subset, to be handed its rows.
   * @param of given where a package is opened for a program; families whose sums need nothing of it do without
   * @throws TrainingError VT7501 where the family needs it
   */
  sums(of?: { readonly head: Head; readonly template: FamilyTemplate }): MomentSums<Moments>;
  /**
   * Host: the same from second moments of a private dataset, which has nothing else. Families that need more lack it; third moments that
   * such a package has not are left empty, and programs that ask for them are refused.
   */
  fromSecondMoments?(moments: SecondMoments): Moments;
  /** Anyone: choices under which second moments are all that it needs, where its defaults need more. */
  readonly privateChoices?: Readonly<Record<string, unknown>>;
  /** Whether sums need the head and the template. */
  readonly sumsNeedProgram: boolean;
  /** Host: the map of one subset. Computes whatever the rows are: a refusal is public, and would say something of them. */
  hostMap(moments: Moments, head: Head, shape: SubsetShape): HostMap;

  /**
   * Model owner: the state before the first round.
   * @throws TrainingError where the family cannot learn this target, by what is public of it
   */
  firstState(template: FamilyTemplate, head: Head): State;
  /** Model owner: whether a state has this template's sizes, and what it repeats of the head is the program's. */
  fits(state: State, template: FamilyTemplate, head: Head): boolean;
  /** Model owner: what goes out, in the range that is encrypted. */
  query(state: State): readonly number[];
  /** Model owner: whether every subset was used at least once, so that the figures speak of the whole table. */
  isComplete(state: State): boolean;
  /**
   * Model owner: why a reply that reads well cannot be this subset's, or null. A reply without unused slots and with an
   * imaginary part shows no noise by which a spoilt one could be told: compare with what is known beforehand. A reply with a
   * reason is left out, and the reason is shown.
   * @param noise largest error that is expected of an entry of a reply
   */
  unusable?(trained: Trained<Head, State>, reply: SubsetReply, noise: number): string | null;
  /**
   * Model owner: the next state. Never a worse model than the one before, by the estimate of that moment.
   * @param noise largest error that is expected of an entry of a reply
   */
  step(trained: Trained<Head, State>, replies: readonly SubsetReply[], noise: number): Stepped<State>;
  /**
   * Model owner: the estimate of a state's loss on the rows of the subsets that were used so far, without any penalty, in figures for
   * people: squared units of the target, nats. Families without an estimate lack it.
   * @param noise largest error that is expected of an entry of a reply
   */
  trainingLoss?(trained: Trained<Head, State>, noise: number): TrainingLoss;
  /**
   * Model owner: the model in the units of the table.
   * @param bits behind the binary point that its numbers keep in the family's units; null for all
   */
  parameters(state: State, template: FamilyTemplate, bits: number | null): ModelParameters;

  /**
   * Anyone: the figure that training makes smaller, which is asked for after each round.
   * @param predictions one for each row; where the family has {@link probabilities}, those of the row, one behind the other
   * @throws as {@link metrics}
   */
  loss(predictions: ArrayLike<number>, targets: ArrayLike<number>, parameters: ModelParameters): ModelMetric;
  /**
   * Anyone: what predictions are worth, {@link loss} first.
   * @param predictions as of {@link loss}
   * @param parameters of the model that predicted
   * @throws TrainingError where a target is none that the family predicts
   */
  metrics(
    predictions: ArrayLike<number>,
    targets: ArrayLike<number>,
    parameters: ModelParameters,
  ): readonly ModelMetric[];
  /**
   * Anyone: what predicts rows of so many features in the table's units. It judges the parameters once, for all rows.
   * @throws TrainingError VT7501 where the model is of another width, or its numbers are none of this family
   */
  predictor(parameters: ModelParameters, features: number): (row: ArrayLike<number>) => number;
  /**
   * Anyone: the values of the target between which a model decides, [negative, positive]; its predictions are probabilities of
   * the second. Families that predict the target itself lack it.
   * @throws TrainingError VT7501
   */
  classes?(parameters: ModelParameters): readonly [number, number];
  /**
   * Anyone: the values of the target that a model of several classes tells apart. It predicts one of them; other families lack it.
   * @throws TrainingError VT7501
   */
  severalClasses?(parameters: ModelParameters): readonly number[];
  /**
   * Anyone: what gives a row the probability of each of {@link severalClasses}; families that give none lack it.
   * @throws as {@link predictor}
   */
  probabilities?(
    parameters: ModelParameters,
    features: number,
  ): (row: ArrayLike<number>) => readonly number[];
  /** Anyone: the model for other programs, which predict from it what {@link predictor} does. */
  readonly scores?: ScoresOf;
}
