import { missingTexts } from '../data/cell.js';
import { featuresOf, type CategoryRecipe, type ColumnRecipe, type Recipe } from '../data/recipe/recipe.js';
import type { Graph, Port, Value } from './graph.js';

type NumberColumn = ColumnRecipe & { readonly kind: 'number' };

/** Columns of a table as an ONNX model takes them. */
export interface RawColumns {
  /** Columns of the input `numbers`, in its order. */
  readonly numbers: readonly string[];
  /** Columns of the input `texts`, in its order. */
  readonly texts: readonly string[];
}

/** The recipe as nodes. */
export interface RecipeGraph extends RawColumns {
  readonly inputs: readonly Port[];
  /** Features in the units of the table: rows × features. One that the recipe refuses is NaN. */
  readonly features: Value;
}

/** Some features of a row, and their places among all of them. */
interface Part {
  readonly value: Value;
  readonly places: readonly number[];
}

/** What makes features of the raw columns of a table, as the recipe does. */
export function recipeGraph(graph: Graph, recipe: Recipe): RecipeGraph {
  const places = placesOf(recipe);
  const isNumber = (column: ColumnRecipe): column is NumberColumn => column.kind === 'number';
  const isText = (column: ColumnRecipe): column is CategoryRecipe => column.kind === 'category';
  const numbers = recipe.columns.filter(isNumber);
  const texts = recipe.columns.filter(isText);
  const parts = [
    ...(numbers.length === 0 ? [] : numberParts(graph, numbers, places)),
    ...texts.map((column, place) => textPart(graph, column, place, places.get(column) ?? 0)),
  ];
  const all = graph.node(
    'Concat',
    parts.map(({ value }) => value),
    { axis: 1 },
  );
  const order = parts.flatMap((part) => part.places);
  const sources = order.map((_, place) => order.indexOf(place));
  const names = (columns: readonly ColumnRecipe[]): string[] => columns.map(({ column }) => column);
  const ports: readonly Port[] = [
    { name: 'numbers', kind: 'double', width: numbers.length, says: 'Columns of numbers; NaN: no value.' },
    { name: 'texts', kind: 'string', width: texts.length, says: 'Columns of texts, without space around.' },
  ];
  return {
    numbers: names(numbers),
    texts: names(texts),
    inputs: ports.filter(({ width }) => width !== 0),
    features: graph.node('Gather', [all, graph.integers(sources)], { axis: 1 }),
  };
}

/** By column, the place of its first feature. */
function placesOf({ columns }: Recipe): ReadonlyMap<ColumnRecipe, number> {
  const places = new Map<ColumnRecipe, number>();
  let next = 0;
  for (const column of columns) {
    places.set(column, next);
    next += featuresOf(column).length;
  }
  return places;
}

/** Values, filled where they lack and the recipe says by what; then flags of those that lack. */
function numberParts(
  graph: Graph,
  columns: readonly NumberColumn[],
  places: ReadonlyMap<ColumnRecipe, number>,
): Part[] {
  const fills = columns.map(({ missing }) => missing?.fill ?? NaN);
  const lacks = graph.node('IsNaN', ['numbers']);
  const filled = graph.node('Where', [lacks, graph.doubles(fills, [1, columns.length]), 'numbers']);
  const values = { value: filled, places: columns.map((column) => places.get(column) ?? 0) };
  const flagged = columns.flatMap(({ missing }, place) => (missing?.flag === true ? [place] : []));
  if (flagged.length === 0) return [values];
  const flags = graph.node('Gather', [lacks, graph.integers(flagged)], { axis: 1 });
  const flagPlaces = flagged.map((place) => (values.places[place] ?? 0) + 1);
  return [values, { value: graph.node('Cast', [flags], { to: 11 }), places: flagPlaces }];
}

/** A row of a small table for each text: its level's features. */
function textPart(graph: Graph, column: CategoryRecipe, input: number, first: number): Part {
  const { reference, levels, other, missing } = column;
  const width = featuresOf(column).length;
  const flag = (place: number): number[] =>
    Array.from({ length: width }, (_, feature) => (feature === place ? 1 : 0));
  const known = [reference, ...levels];
  const rows = [
    flag(-1),
    ...levels.map((_, place) => flag(place)),
    flag(other ? levels.length : -1),
    missing === 'refused' ? Array<number>(width).fill(NaN) : flag(missing === 'flag' ? width - 1 : -1),
  ];
  const [otherRow, missingRow] = [known.length, known.length + 1];
  const keys = new Map(writingsOfNone.map((text) => [text, missingRow]));
  known.forEach((level, row) => {
    for (const text of writingsOf(level)) keys.set(text, row);
  });
  const text = graph.node('Gather', ['texts', graph.integers(input)], { axis: 1 });
  const row = graph.mlNode('LabelEncoder', [text], {
    keys_strings: [...keys.keys()],
    values_int64s: [...keys.values()],
    default_int64: otherRow,
  });
  const table = graph.doubles(rows.flat(), [rows.length, width]);
  const value = graph.node('Gather', [table, row], { axis: 0 });
  return { value, places: Array.from({ length: width }, (_, feature) => first + feature) };
}

/** How programs write that there is no value. */
const writingsOfNone = [
  ...new Set(
    missingTexts.flatMap((text) => [
      text,
      text.toUpperCase(),
      text.charAt(0).toUpperCase() + text.slice(1),
      text.replace('nan', 'NaN'),
    ]),
  ),
];

/** A level, and a whole number as programs write one of a column that has gaps. */
const writingsOf = (level: string): string[] => (/^-?\d+$/.test(level) ? [`${level}.0`, level] : [level]);
