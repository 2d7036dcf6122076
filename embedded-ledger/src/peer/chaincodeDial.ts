import type * as grpc from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import type { ChaincodeServer } from './chaincodeServer.js';
import { channelCredentials } from './chaincodeServer.js';
import { ChaincodeStream, MAX_MESSAGE_BYTES } from './chaincodeStream.js';

/** Dials a chaincode server and returns when it has registered. Calls `onClosed` when the stream ends. */
export async function dialChaincode(
  { address, tls }: ChaincodeServer,
  timeoutMs: number,
  onClosed: () => void,
): Promise<ChaincodeStream> {
  const client = new peer.ChaincodeClient(address, channelCredentials(tls), {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.use_local_subchannel_pool': 1,
    // A contract is part of its peer, so the connection ignores the environment's proxies.
    'grpc.enable_http_proxy': 0,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + timeoutMs, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
    return await registered(client.connect(), timeoutMs, () => {
      client.close();
      onClosed();
    });
  } catch (error) {
    client.close();
    throw error;
  }
}

/** A server that does not register, and may be dialled again soon, is left no stream. */
async function registered(
  stream: grpc.ClientDuplexStream<peer.ChaincodeMessage, peer.ChaincodeMessage>,
  timeoutMs: number,
  onClosed: () => void,
): Promise<ChaincodeStream> {
  try {
    return await ChaincodeStream.open(stream, timeoutMs, onClosed);
  } catch (error) {
    stream.on('error', () => undefined).cancel();
    throw error;
  }
}
