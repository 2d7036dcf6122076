import { status, type ServiceError } from '@grpc/grpc-js';
import { outcomeOfMessage, type Outcome } from './answers.js';
import type { Random } from './random.js';
import { pathOf, signatureOf, type Method, type SignedRequest } from './requests.js';
import { mutatedBytes } from './wire.js';
import type { Caller, World } from './world.js';

/** Bytes that a client sends where a request belongs. */
export interface MessageCase {
  readonly method: Method;
  readonly bytes: Uint8Array;
}

const answersAtOnce: readonly Method[] = ['Endorse', 'Evaluate', 'Submit'];
const waitMs = 300;
const hangMs = 60_000;

/** An honest request, changed in the part that its sender signs, or anywhere. */
export async function messageCase(
  random: Random,
  requests: readonly SignedRequest[],
  caller: Caller,
): Promise<MessageCase> {
  const { method, signed, wrap } = random.pick(requests);
  const inside = random.oneIn(8) ? signed : mutatedTimes(random, signed);
  const honest = wrap(inside, await signatureOf(caller, inside));
  return { method, bytes: random.oneIn(3) ? mutatedTimes(random, honest) : honest };
}

function mutatedTimes(random: Random, bytes: Uint8Array): Uint8Array {
  let mutated = bytes;
  for (let times = 1 + random.below(3); times > 0; times--) mutated = mutatedBytes(random, mutated);
  return mutated;
}

/** Sends it. Questions may wait for what never comes, so they are given up soon; calls must be answered. */
export async function callMessage(
  { client }: Pick<World, 'client'>,
  { method, bytes }: MessageCase,
): Promise<Outcome> {
  const waits = !answersAtOnce.includes(method);
  const deadline = Date.now() + (waits ? waitMs : hangMs);
  const error = await new Promise<ServiceError | null>((resolve) => {
    const path = pathOf(method);
    if (method === 'ChaincodeEvents') {
      const stream = client.makeServerStreamRequest(path, asBuffer, asBuffer, bytes, { deadline });
      watch(stream, resolve);
    } else if (method.startsWith('Deliver')) {
      const stream = client.makeBidiStreamRequest(path, asBuffer, asBuffer, { deadline });
      watch(stream, resolve);
      stream.write(bytes);
      stream.end();
    } else client.makeUnaryRequest(path, asBuffer, asBuffer, bytes, { deadline }, resolve);
  });
  if (error === null) return { name: 'answered' };
  if (waits && error.code === status.DEADLINE_EXCEEDED) return { name: 'waits' };
  return outcomeOfMessage(error);
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

function watch(stream: NodeJS.EventEmitter, resolve: (error: ServiceError | null) => void): void {
  stream.on('data', () => undefined);
  stream.once('error', resolve);
  stream.once('end', () => resolve(null));
}
