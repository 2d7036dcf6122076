const VARIABLES = 4;
/** Places of second derivatives, i ≤ j, behind the value and the first ones. */
const SECOND = Array.from({ length: VARIABLES }, (_, i) =>
  Array.from({ length: VARIABLES }, (_unused, j) => {
    const [low, high] = [Math.min(i, j), Math.max(i, j)];
    return 1 + VARIABLES + low * VARIABLES - (low * (low - 1)) / 2 + high - low;
  }),
);
const PAIRS = SECOND.flatMap((places, i) => places.flatMap((place, j) => (i <= j ? [{ place, i, j }] : [])));
const SIZE = 1 + VARIABLES + (VARIABLES * (VARIABLES + 1)) / 2;

/**
 * A function of four variables at one point, with its first and second derivatives: what sums, products, quotients and roots
 * of such functions make is differentiated along with them (Griewank and Walther 2008, chapter 13).
 */
export class Series {
  /** Value, first derivatives, second derivatives i ≤ j row by row. */
  readonly #terms: number[];

  private constructor(terms: number[]) {
    this.#terms = terms;
  }

  static constant(value: number): Series {
    return Series.of(value, [], []);
  }

  /** The variable of a place, 0 to 3. */
  static variable(place: number, value: number): Series {
    return Series.of(value, [[place, 1]], []);
  }

  /** A function by its value and those derivatives that are not 0. */
  static of(
    value: number,
    first: readonly (readonly [place: number, derivative: number])[],
    second: readonly (readonly [i: number, j: number, derivative: number])[],
  ): Series {
    const terms = new Array<number>(SIZE).fill(0);
    terms[0] = value;
    for (const [place, derivative] of first) terms[1 + place] = derivative;
    for (const [i, j, derivative] of second) terms[secondPlace(i, j)] = derivative;
    return new Series(terms);
  }

  get value(): number {
    return this.#term(0);
  }

  first(place: number): number {
    return this.#term(1 + place);
  }

  second(i: number, j: number): number {
    return this.#term(secondPlace(i, j));
  }

  plus(other: Series): Series {
    return this.#with(1, other, 1);
  }

  minus(other: Series): Series {
    return this.#with(1, other, -1);
  }

  scaled(factor: number): Series {
    return this.#with(factor, ZERO, 0);
  }

  times(other: Series): Series {
    const product = this.#with(other.value, other, this.value);
    product.#terms[0] = this.value * other.value;
    for (const { place, i, j } of PAIRS) {
      const mixed = this.first(i) * other.first(j) + this.first(j) * other.first(i);
      product.#terms[place] = product.#term(place) + mixed;
    }
    return product;
  }

  over(other: Series): Series {
    const inverse = 1 / other.value;
    return this.times(other.#through(inverse, -(inverse ** 2), 2 * inverse ** 3));
  }

  root(): Series {
    const root = Math.sqrt(this.value);
    return this.#through(root, 0.5 / root, -0.25 / root ** 3);
  }

  /** f of this, by f and its first two derivatives at the value. */
  #through(value: number, slope: number, curvature: number): Series {
    const series = this.scaled(slope);
    series.#terms[0] = value;
    for (const { place, i, j } of PAIRS)
      series.#terms[place] = series.#term(place) + curvature * this.first(i) * this.first(j);
    return series;
  }

  /** factor·this + otherFactor·other. */
  #with(factor: number, other: Series, otherFactor: number): Series {
    const terms: number[] = [];
    for (let place = 0; place < SIZE; place++)
      terms.push(factor * this.#term(place) + otherFactor * other.#term(place));
    return new Series(terms);
  }

  #term(place: number): number {
    return this.#terms[place] ?? 0;
  }
}

const ZERO = Series.constant(0);

function secondPlace(i: number, j: number): number {
  return SECOND[i]?.[j] ?? 0;
}
