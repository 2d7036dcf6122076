import { attributeType, elementType } from './schema.js';

/** A value that flows through the graph, by its name. */
export type Value = string;

/** Values of a node's attributes: whole numbers, texts, or lists of them. */
type Attributes = Readonly<Record<string, number | string | readonly number[] | readonly string[]>>;

/** What goes into a graph or comes out of it; the first axis is the rows. */
export interface Port {
  readonly name: string;
  readonly kind: keyof typeof elementType;
  /** Its width; undefined for one value a row. */
  readonly width?: number;
  readonly says: string;
}

/** Collects the nodes and constants of a graph. Each node has one output, which it is named by. */
export class Graph {
  readonly #nodes: unknown[] = [];
  readonly #constants: unknown[] = [];
  #names = 0;

  /** A node of the standard operators. @param name of its output; default: one that no other has */
  node(operator: string, inputs: readonly Value[], attributes: Attributes = {}, name?: string): Value {
    return this.#add({ op_type: operator }, inputs, attributes, name);
  }

  /** A node of the operators for other models than networks. */
  mlNode(operator: string, inputs: readonly Value[], attributes: Attributes): Value {
    return this.#add({ op_type: operator, domain: 'ai.onnx.ml' }, inputs, attributes);
  }

  doubles(values: ArrayLike<number>, dims: readonly number[]): Value {
    const raw = Buffer.alloc(values.length * 8);
    for (let place = 0; place < values.length; place++) raw.writeDoubleLE(values[place] ?? NaN, place * 8);
    return this.#constant({ dims, data_type: elementType.double, raw_data: raw });
  }

  /** Whole numbers: one where they are not a list. */
  integers(values: number | ArrayLike<number>): Value {
    const list = typeof values === 'number' ? [values] : Array.from(values);
    const raw = Buffer.alloc(list.length * 8);
    list.forEach((value, place) => raw.writeBigInt64LE(BigInt(value), place * 8));
    const dims = typeof values === 'number' ? [] : [list.length];
    return this.#constant({ dims, data_type: elementType.int64, raw_data: raw });
  }

  texts(values: readonly string[]): Value {
    const string_data = values.map((text) => Buffer.from(text));
    return this.#constant({ dims: [values.length], data_type: elementType.string, string_data });
  }

  /** The graph as the schema has it. */
  document(name: string, inputs: readonly Port[], outputs: readonly Port[]): Record<string, unknown> {
    const [input, output] = [inputs.map(portDocument), outputs.map(portDocument)];
    return { name, node: this.#nodes, initializer: this.#constants, input, output };
  }

  #add(
    node: { op_type: string; domain?: string },
    input: readonly Value[],
    attributes: Attributes,
    name = this.#name(node.op_type),
  ): Value {
    const attribute = Object.entries(attributes).map(([key, value]) => ({
      name: key,
      ...attributeValue(value),
    }));
    this.#nodes.push({ ...node, name, input, output: [name], attribute });
    return name;
  }

  #constant(tensor: Record<string, unknown>): Value {
    const name = this.#name('constant');
    this.#constants.push({ ...tensor, name });
    return name;
  }

  #name = (of: string): string => `${of.toLowerCase()}_${String(this.#names++)}`;
}

function attributeValue(value: Attributes[string]): Record<string, unknown> {
  if (typeof value === 'number') return { type: attributeType.int, i: value };
  if (typeof value === 'string') return { type: attributeType.string, s: Buffer.from(value) };
  if (value.every((entry) => typeof entry === 'number')) return { type: attributeType.ints, ints: value };
  return { type: attributeType.strings, strings: value.map((text) => Buffer.from(text)) };
}

const portDocument = ({ name, kind, width, says }: Port): Record<string, unknown> => ({
  name,
  doc_string: says,
  type: {
    tensor_type: {
      elem_type: elementType[kind],
      shape: { dim: [{ dim_param: 'rows' }, ...(width === undefined ? [] : [{ dim_value: width }])] },
    },
  },
});
