import { distantProxy, distantServer } from './distantServers.js';

// The process that delays the traffic between one distant organisation and all others. `nodes/distance.ts` defines its
// ports.
const [roundTripMs, peerPort, inboundPort, outboundPort] = process.argv.slice(2).map(Number);
if (
  roundTripMs === undefined ||
  peerPort === undefined ||
  inboundPort === undefined ||
  outboundPort === undefined
)
  throw new Error('arguments: <round trip in ms> <port of the peer> <port to it> <port of its proxy>');
distantServer(peerPort, roundTripMs).listen(inboundPort, '127.0.0.1');
distantProxy(roundTripMs).listen(outboundPort, '127.0.0.1');
