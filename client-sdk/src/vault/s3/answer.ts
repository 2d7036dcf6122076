import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { sdkError } from '../../errors/veritrainError.js';

/** How much of an answer is read, and for how long, in bytes and milliseconds. */
export interface AnswerLimits {
  readonly maxBytes: number;
  readonly withinMs: number;
}

/** The server took the connection, and answers too slowly or not at all. */
export class SlowServer extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(withinMs: number) {
    super(`no whole answer came within ${Math.ceil(withinMs)} ms`);
  }
}

/** Reads an answer to its end, or as much of it as is allowed. @throws SlowServer, and what broke the connection */
export async function readUpTo(response: IncomingMessage, limits: AnswerLimits): Promise<Buffer> {
  const { maxBytes, withinMs } = limits;
  const late = setTimeout(() => response.destroy(new SlowServer(withinMs)), withinMs);
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece);
      sizeBytes += piece.length;
      if (sizeBytes > maxBytes) break;
    }
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(pieces);
}

/** Reads an answer in XML whole. @throws VAULT_ANSWER_INVALID where it is larger than it can be, or no XML of an S3 */
export async function readXml(response: IncomingMessage, limits: AnswerLimits): Promise<string> {
  const content = await readUpTo(response, limits);
  if (content.length > limits.maxBytes)
    throw invalidAnswer('The vault answers more than it was asked for.', { maxBytes: limits.maxBytes });
  const xml = content.toString();
  if (xml.includes('<!') || levelsOf(xml) > maxLevels)
    throw invalidAnswer('The vault answers in XML that no S3 writes.');
  return xml;
}

/** The same answer for a reader that has no limits: it has come whole. */
export function replay({ statusCode, headers }: IncomingMessage, content: string): IncomingMessage {
  const whole = Readable.from(content === '' ? [] : [Buffer.from(content)]);
  return Object.assign(whole, { statusCode, headers }) as unknown as IncomingMessage;
}

/** VAULT_ANSWER_INVALID */
export const invalidAnswer = (reason: string, facts: Record<string, string | number> = {}): Error =>
  sdkError('VT8225', reason, { facts });

/** Answers of an S3 have five at most; parsers call themselves for each. */
const maxLevels = 32;

function levelsOf(xml: string): number {
  let [level, most] = [0, 0];
  for (const [tag] of xml.matchAll(/<[^<>]*>/g)) {
    if (tag.startsWith('</')) level -= 1;
    else if (!tag.startsWith('<?') && !tag.endsWith('/>')) level += 1;
    most = Math.max(most, level);
  }
  return most;
}
