import { LARGEST_FEATURE } from '../maps/featureMap.js';
import { drawFilters, FILTER_CELLS, filterPlaces } from '../maps/randomConvolution.js';
import { drawLayer } from '../maps/randomLayer.js';
import { mapWidth, type MapDocument } from '../maps/registry.js';
import type { Graph, Value } from './graph.js';

/** A row's columns, in the units that the map takes, to features. */
type MapGraph<Document> = (graph: Graph, columns: Value, document: Document, width: number) => Value;

const mapGraphs: {
  readonly [Kind in MapDocument['kind']]: MapGraph<Extract<MapDocument, { readonly kind: Kind }>>;
} = {
  identity: (_, columns) => columns,

  polynomial: (graph, columns, _, width) => {
    const pairs = Array.from({ length: width }, (_, i) =>
      Array.from({ length: width - i }, (_, more) => [i, i + more] as const),
    ).flat();
    const factor = (side: 0 | 1): Value =>
      graph.node('Gather', [columns, graph.integers(pairs.map((pair) => pair[side]))], { axis: 1 });
    const products = graph.node('Mul', [factor(0), factor(1)]);
    const ones = graph.doubles(
      pairs.map(([i, j]) => (i === j ? 1 : 0)),
      [1, pairs.length],
    );
    const centred = graph.node('Sub', [products, ones]);
    return cutTo(graph, graph.node('Concat', [columns, centred], { axis: 1 }));
  },

  'random-layer': (graph, columns, document, width) => {
    const { weights, thresholds } = drawLayer(document, width);
    const layer = graph.node('Transpose', [graph.doubles(weights, [document.units, width])], {
      perm: [1, 0],
    });
    const sums = graph.node('MatMul', [columns, layer]);
    const moved = graph.node('Add', [sums, graph.doubles(thresholds, [1, document.units])]);
    // One operator for max(0, ·) and the cut: ONNX Runtime refuses to fuse two of them on doubles.
    return cutTo(graph, moved, { least: 0 });
  },

  'random-convolution': (graph, columns, document) => {
    const { filters, tiles, white } = document;
    const { places, pixels, tileOf, placesOf } = filterPlaces(document);
    const light = graph.node('Div', [columns, graph.doubles([white], [1, 1])]);
    const cells = graph.node('Gather', [light, graph.integers(pixels)], { axis: 1 });
    const patches = graph.node('Reshape', [cells, graph.integers([-1, places, FILTER_CELLS])]);
    const kernels = graph.doubles(drawFilters(document), [filters, FILTER_CELLS]);
    const sums = graph.node('MatMul', [patches, graph.node('Transpose', [kernels], { perm: [1, 0] })]);
    // Rows × filters × places, times what takes the mean of each tile's places.
    const seen = graph.node('Transpose', [graph.node('Relu', [sums])], { perm: [0, 2, 1] });
    const count = tiles * tiles;
    const means = Float64Array.from({ length: places * count }, (_, index) => {
      const tile = index % count;
      return tileOf[Math.floor(index / count)] === tile ? 1 / placesOf[tile]! : 0;
    });
    const tiled = graph.node('MatMul', [seen, graph.doubles(means, [places, count])]);
    return cutTo(graph, graph.node('Reshape', [tiled, graph.integers([-1, filters * count])]));
  },
};

/** Values cut to a range; default: that of features. */
export function cutTo(
  graph: Graph,
  value: Value,
  { least = -LARGEST_FEATURE, most = LARGEST_FEATURE }: { least?: number; most?: number } = {},
): Value {
  return graph.node('Clip', [value, graph.doubles([least], []), graph.doubles([most], [])]);
}

/** What a map does, as nodes. @throws TrainingError VT7302 */
export function mapGraph(graph: Graph, columns: Value, document: MapDocument, width: number): Value {
  mapWidth(document, width);
  return (mapGraphs[document.kind] as MapGraph<MapDocument>)(graph, columns, document, width);
}
