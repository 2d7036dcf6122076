// What a sample of the profiler counts as: the innermost frame that says so decides.

/** By the path of a frame's script. */
const byScript = [
  [/^wasm:|\/training\/dist\/|node-seal/, 'arithmetic'],
  [/@grpc|grpc-|protobuf|protos|node:internal\/http2|node:http2|node:_?tls|node:net|stream_base/, 'gRPC'],
  [/node:internal\/crypto|node:crypto|@noble/, 'signatures and hashes'],
  [/\/zod\//, 'schemas'],
  [/node:internal\/fs|node:fs/, 'files'],
  [/node:internal\/(modules|vm|process\/esm|bootstrap|source_map)|node:vm/, 'loading'],
  [/\/chaincode\/dist\/|fabric-contract-api|fabric-shim/, 'contract'],
  [/\/embedded-ledger\/dist\//, 'ledger'],
  [/\/client-sdk\/dist\//, 'SDK'],
  [/\/(agents|member)\/dist\//, 'agents'],
  [/vega|d3-/, 'report'],
];

/** What V8 does by itself. */
const byFunction = { '(garbage collector)': 'garbage', '(idle)': undefined, '(root)': undefined };

/** @returns undefined where the process waited */
export function layerOf(node) {
  const { functionName } = node.callFrame;
  if (Object.hasOwn(byFunction, functionName)) return byFunction[functionName];
  for (let at = node; at !== undefined; at = at.parent) {
    const { url } = at.callFrame;
    const found = byScript.find(([script]) => script.test(url));
    if (found !== undefined) return found[1];
  }
  return functionName === '(program)' ? 'native' : 'other';
}
