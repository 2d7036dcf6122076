import protobuf from 'protobufjs/light.js';

/** Version of the file's form: 8, of ONNX 1.10 and later. */
export const IR_VERSION = 8;
/** Version of the operators: 17, of ONNX 1.12 and ONNX Runtime 1.12. */
export const OPSET = 17;
/** Version of the operators of `ai.onnx.ml`. */
export const ML_OPSET = 3;

/** Kinds of the elements of a tensor, as ONNX numbers them. */
export const elementType = { int64: 7, string: 8, double: 11 } as const;
/** Kinds of an attribute's value, as ONNX numbers them. */
export const attributeType = { int: 2, string: 3, ints: 7, strings: 8 } as const;

/** A list of values, packed in one field. */
const list = (type: string, id: number): protobuf.IField => ({ rule: 'repeated', type, id });
const packed = { options: { packed: true } };

/** What is written of ONNX's schema (onnx.proto3), with its names and numbers. */
const schema: protobuf.INamespace = {
  nested: {
    ModelProto: {
      fields: {
        ir_version: { type: 'int64', id: 1 },
        producer_name: { type: 'string', id: 2 },
        domain: { type: 'string', id: 4 },
        doc_string: { type: 'string', id: 6 },
        graph: { type: 'GraphProto', id: 7 },
        opset_import: list('OperatorSetIdProto', 8),
        metadata_props: list('StringStringEntryProto', 14),
      },
    },
    OperatorSetIdProto: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    StringStringEntryProto: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    GraphProto: {
      fields: {
        node: list('NodeProto', 1),
        name: { type: 'string', id: 2 },
        initializer: list('TensorProto', 5),
        doc_string: { type: 'string', id: 10 },
        input: list('ValueInfoProto', 11),
        output: list('ValueInfoProto', 12),
      },
    },
    NodeProto: {
      fields: {
        input: list('string', 1),
        output: list('string', 2),
        name: { type: 'string', id: 3 },
        op_type: { type: 'string', id: 4 },
        attribute: list('AttributeProto', 5),
        domain: { type: 'string', id: 7 },
      },
    },
    AttributeProto: {
      fields: {
        name: { type: 'string', id: 1 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        ints: { ...list('int64', 8), ...packed },
        strings: list('bytes', 9),
        type: { type: 'int32', id: 20 },
      },
    },
    TensorProto: {
      fields: {
        dims: { ...list('int64', 1), ...packed },
        data_type: { type: 'int32', id: 2 },
        string_data: list('bytes', 6),
        name: { type: 'string', id: 8 },
        raw_data: { type: 'bytes', id: 9 },
      },
    },
    ValueInfoProto: {
      fields: {
        name: { type: 'string', id: 1 },
        type: { type: 'TypeProto', id: 2 },
        doc_string: { type: 'string', id: 3 },
      },
    },
    TypeProto: { fields: { tensor_type: { type: 'TensorTypeProto', id: 1 } } },
    // In ONNX's schema it lies within TypeProto, as Tensor; bytes do not tell.
    TensorTypeProto: {
      fields: { elem_type: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } },
    },
    TensorShapeProto: { fields: { dim: list('Dimension', 1) } },
    Dimension: { fields: { dim_value: { type: 'int64', id: 1 }, dim_param: { type: 'string', id: 2 } } },
  },
};

/** Bytes of a model whose fields have the names of ONNX's schema. */
export function encodeModel(model: Record<string, unknown>): Uint8Array {
  // Names as in ONNX's schema, not in the case of JavaScript.
  const type = protobuf.Root.fromJSON(schema).lookupType('ModelProto');
  return type.encode(type.fromObject(model)).finish();
}
