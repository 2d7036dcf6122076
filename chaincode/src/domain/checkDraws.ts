import type { TrainCouple } from './couple.js';
import { draw } from './draw.js';
import { anchoredChain, drawSeed, openLink, type DrawSide } from './drawLink.js';
import type { LedgerContext } from './hash.js';
import type { Round } from './round.js';

/** The fault in an attempt's records: a side's link, the seed, the drawn subsets, or a missing record. */
export type DrawFault = 'missing' | `${DrawSide}Link` | 'seed' | 'subsets';

/** One attempt, drawn again from the records. */
export interface DrawCheck {
  readonly attempt: number;
  /** False for an attempt that has expired or still waits for the data owner's link. */
  readonly started: boolean;
  /** Null where the records agree. */
  readonly fault: DrawFault | null;
}

type Drawn = Pick<
  Round,
  'attempt' | 'state' | 'modelDigest' | 'modelOwnerLink' | 'dataOwnerLink' | 'seed' | 'drawn'
>;
type Couple = Pick<TrainCouple, 'coupleId' | 'attempts' | 'terms' | 'modelOwnerChain' | 'dataOwnerChain'>;

/**
 * Draws all of a couple's attempts again, from both anchors, the opened links and the model digests, as the contract
 * did. It judges an attempt after a faulty one as if the faulty one's records held.
 *
 * @param rounds the records of all attempts
 */
export function checkDraws(place: LedgerContext, couple: Couple, rounds: readonly Drawn[]): DrawCheck[] {
  const replay = new Replay(place, couple);
  return Array.from({ length: couple.attempts }, (_, index) => {
    const round = rounds.find(({ attempt }) => attempt === index + 1);
    if (round === undefined) return { attempt: index + 1, started: false, fault: 'missing' };
    return { attempt: round.attempt, started: round.state === 'started', fault: replay.faultOf(round) };
  });
}

class Replay {
  private readonly opened: Record<DrawSide, { attempt: number; link: string }>;
  private remainder: readonly number[] = [];

  constructor(
    private readonly place: LedgerContext,
    private readonly couple: Couple,
  ) {
    const opened = (anchor: string | undefined) => ({ attempt: 0, link: anchor ?? '' });
    const { modelOwnerChain, dataOwnerChain } = couple;
    this.opened = { modelOwner: opened(modelOwnerChain.anchor), dataOwner: opened(dataOwnerChain?.anchor) };
  }

  faultOf(round: Drawn): DrawFault | null {
    const ofModelOwner = this.opens('modelOwner', round.attempt, round.modelOwnerLink);
    if (round.state !== 'started') return ofModelOwner ? null : 'modelOwnerLink';
    const ofDataOwner = this.opens('dataOwner', round.attempt, round.dataOwnerLink ?? '');
    const drawn = this.drawAgain(round);
    if (!ofModelOwner) return 'modelOwnerLink';
    if (!ofDataOwner) return 'dataOwnerLink';
    return drawn;
  }

  private opens(side: DrawSide, attempt: number, link: string): boolean {
    const { coupleId } = this.couple;
    const chain = { ...anchoredChain(''), opened: this.opened[side] };
    const follows = openLink({ ...this.place, coupleId, side }, chain, attempt, link) !== null;
    this.opened[side] = { attempt, link };
    return follows;
  }

  private drawAgain({
    attempt,
    modelDigest,
    modelOwnerLink,
    dataOwnerLink,
    seed,
    drawn,
  }: Drawn): DrawFault | null {
    const { coupleId, terms } = this.couple;
    const links = { modelOwnerLink, dataOwnerLink: dataOwnerLink ?? '' };
    const again = drawSeed({ ...this.place, coupleId, attempt, ...links, modelDigest });
    const { subsets, aggregation, subsetsPerRound: count } = terms;
    const result = draw({ seed: again, subsets, aggregation, count, remainder: this.remainder });
    this.remainder = result.remainder;
    if (seed !== again) return 'seed';
    return result.drawn.join() === drawn.map(({ subsetIndex }) => subsetIndex).join() ? null : 'subsets';
  }
}
