import type { Command } from 'commander';
import { z } from 'zod';
import { bytesText } from '@veritrain/member/text';
import { fields } from './text.js';
import { verb } from './verb.js';

/** `veritrain network install` */
export function installCommand(): Command {
  return verb({
    name: 'install',
    summary: 'get Fabric’s programs from its official release archives',
    details: [
      'They come from the releases of hyperledger/fabric and hyperledger/fabric-ca, or from a mirror that has the same paths, and go to ~/.cache/veritrain/fabric-<version>/bin.',
      'The release pages have the SHA-256 of each archive. Each download is compared with --sha256; with --unverified it is taken over https without comparison, and its digests are shown.',
      'Behind a proxy: NODE_USE_ENV_PROXY=1 and HTTPS_PROXY in the environment.',
    ],
    options: [
      ['--version <version>', '3.1.5 or 2.5.16 (default 3.1.5)'],
      ['--from <address>', 'where the archives are (default: the projects’ releases)'],
      ['--sha256 <digest...>', 'the digests of the archives, of Fabric and of Fabric CA'],
      ['--unverified', 'take archives without comparing a digest, over https'],
      ['--to <folder>', 'another folder for the programs'],
    ],
    local: true,
    examples: [
      'veritrain network install --sha256 <of fabric> <of fabric-ca>',
      'veritrain network install --unverified',
      'veritrain network install --from https://mirror.example.com --sha256 <of fabric> <of fabric-ca>',
    ],
    input: z.strictObject({
      version: z.enum(['3.1.5', '2.5.16']).default('3.1.5'),
      from: z.url({ protocol: /^https?$/ }).optional(),
      sha256: z
        .array(z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'))
        .max(2)
        .default([]),
      unverified: z.boolean().default(false),
      to: z.string().min(1).optional(),
    }),
    run: async ({ version, from, sha256: [fabric, authority], unverified, to }, session) => {
      const { install } = await import('@veritrain/network');
      const installed = await install({
        version,
        baseAddress: from,
        sha256: { fabric, authority },
        unverified,
        folder: to,
        onProgress: ({ archive, receivedBytes, totalBytes }) => {
          const of = totalBytes === undefined ? '' : ` of ${bytesText(totalBytes)}`;
          session.output.progress(`${archive}: ${bytesText(receivedBytes)}${of}`);
        },
        signal: session.signal,
      });
      const text = fields([
        ['Programs', installed.programs.join(', ')],
        ['Folder', installed.folder],
        ...Object.entries(installed.digests).map(([archive, digest]) => [archive, digest] as const),
      ]);
      return { data: installed, text, next: 'veritrain network up' };
    },
  });
}
