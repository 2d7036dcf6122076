import { distantProxy, distantServer } from './distantServers.js';

// The way between one distant organisation and everybody else, as a process: ports as `nodes/distance.ts` names them.
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
