import { startEmbeddedLedger, type LedgerProcess } from '@veritrain/local';
import { envelopeSchema, exitStatus, type Envelope } from '@veritrain/cli';
import { loadProfile } from '@veritrain/client-sdk';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const cli = dirname(fileURLToPath(import.meta.resolve('@veritrain/cli/package.json')));
const program = join(cli, 'bin', 'veritrain.js');
const folder = mkdtempSync(join(tmpdir(), 'veritrain-tls-'));
const data = join(folder, 'ledger');

let ledger: LedgerProcess;
beforeAll(async () => {
  ledger = await startEmbeddedLedger({ data, tls: true });
});
afterAll(async () => {
  await ledger?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const codeOf = (answer: Envelope): string | undefined =>
  answer.outcome === 'failed' ? answer.error.code : undefined;

/** Calls the command as a shell would. @returns its exit status and what it said */
function veritrain(...args: string[]): Promise<{ status: number; code: string | undefined }> {
  const env = { PATH: process.env.PATH, VERITRAIN_HOME: join(folder, 'home') };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args, '--format', 'json'], { env }, (error, stdout, stderr) => {
      const answer = envelopeSchema.safeParse(JSON.parse(stdout === '' ? '{}' : stdout));
      if (!answer.success) reject(new Error(stderr));
      else resolve({ status: error === null ? 0 : Number(error.code), code: codeOf(answer.data) });
    });
  });
}

const init = (name: string, ...more: string[]): ReturnType<typeof veritrain> =>
  veritrain('init', name, '--connect', data, '--organization', 'org2.example.com', ...more);

describe('with a ledger that speaks TLS', () => {
  it('a profile takes the root from the connection file', async () => {
    expect(await init('user', '--user', 'User1')).toEqual({ status: exitStatus.done, code: undefined });
    expect(await init('member', '--enrol', 'member', '--register')).toMatchObject({
      status: exitStatus.done,
    });
    for (const profile of ['user', 'member']) {
      const path = join(folder, 'home', 'profiles', profile, 'profile.json');
      expect(readFileSync(path, 'utf8')).toContain('BEGIN CERTIFICATE');
      expect(await veritrain('whoami', '--profile', profile)).toMatchObject({ status: exitStatus.done });
    }
  });

  it('a profile renews its certificate with the CA that it was made with', async () => {
    const file = join(folder, 'home', 'profiles', 'member', 'profile.json');
    const { certificatePem, certificateAuthority } = loadProfile(file);
    expect(certificateAuthority).toMatchObject({
      name: 'ca-org2',
      tlsRootPem: expect.stringContaining('BEGIN') as string,
    });
    expect(await veritrain('participant', 'renew', '--profile', 'member')).toMatchObject({
      status: exitStatus.done,
    });
    expect(loadProfile(file).certificatePem).not.toBe(certificatePem);
    expect(await veritrain('whoami', '--profile', 'member')).toMatchObject({ status: exitStatus.done });
  });

  it('another root is refused by the CA’s client and by the gateway’s', async () => {
    const root = join(ledger.organizations, 'peerOrganizations/org2.example.com/tlsca');
    const other = ['--tls-root', join(root, 'tlsca.org2.example.com-cert.pem')];
    expect(await init('stranger', '--enrol', 'stranger', '--register', ...other)).toEqual({
      status: exitStatus.connection,
      code: 'VT8501',
    });
    expect(await init('astray', '--user', 'User1', ...other)).toMatchObject({ status: exitStatus.done });
    expect(await veritrain('whoami', '--profile', 'astray')).toEqual({
      status: exitStatus.connection,
      code: 'VT8123',
    });
  });
});
