// One measured member: reads its work from stdin, moves one object, prints seconds and the most memory it ever took.
import { randomBytes } from 'node:crypto';
import { Client } from 'minio';
import { filesystemVault } from '@veritrain/client-sdk/vault';
import { s3Vault } from '@veritrain/client-sdk/s3';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { s3, path, direction, sizeBytes, handle, digest } = JSON.parse(Buffer.concat(chunks));

/** Content that is nowhere as a whole: one random piece, with its number in it. */
async function* content() {
  const piece = randomBytes(2 ** 20);
  for (let start = 0, number = 0; start < sizeBytes; start += piece.length, number += 1) {
    piece.writeUInt32BE(number);
    yield piece.subarray(0, sizeBytes - start);
  }
}

const mebibytes = (bytes) => Math.round(bytes / 2 ** 20);

async function work(vault) {
  if (direction === 'put') return vault.put(content());
  const pieces = vault.stream(handle, { digest })[Symbol.asyncIterator]();
  while (!(await pieces.next()).done);
  return { handle, digest };
}

if (direction === 'makeBucket') {
  const { hostname, port } = new URL(s3.endpoint);
  const { accessKey, secretKey } = s3.credentials;
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey,
    secretKey,
    region: 'us-east-1',
  });
  await client.makeBucket(s3.bucket);
  console.log('{}');
} else {
  const vault = s3 === undefined ? filesystemVault(path) : s3Vault(s3);
  const beforeMiB = mebibytes(process.memoryUsage.rss());
  const start = performance.now();
  const stored = await work(vault);
  const seconds = (performance.now() - start) / 1000;
  // maxRSS is in KiB.
  const rssMiB = mebibytes(process.resourceUsage().maxRSS * 1024);
  console.log(JSON.stringify({ seconds, rssMiB, beforeMiB, handle: stored.handle, digest: stored.digest }));
}
