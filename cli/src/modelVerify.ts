import type { Command } from 'commander';
import { z } from 'zod';
import { shortDigest } from '@veritrain/member/text';
import { fields } from './text.js';
import { verb } from './verb.js';

/** `veritrain model verify` */
export function verifyModel(): Command {
  return verb({
    name: 'verify',
    summary: 'whether an exported model is the one that the ledger names',
    details: [
      'The ledger keeps a salted digest of the rounded model. The salt is in the exported file: whoever has the file can check it, nobody else can test a guess.',
    ],
    arguments: [['<file>', 'what `veritrain model export --out` wrote']],
    examples: ['veritrain model verify model.json', 'veritrain model verify model.json --format json'],
    input: z.strictObject({ file: z.string().min(1) }),
    run: async ({ file }, session) => {
      const { parseUserJson, readUserFile } = await import('@veritrain/member/home');
      const { trainedModelSchema, verifyTrainedModel } = await import('@veritrain/member/models');
      const model = parseUserJson(readUserFile(file, 'model'), trainedModelSchema, file, 'model');
      const digest = await verifyTrainedModel(await session.member(), model, session.context);
      const { coupleId, modelId } = model;
      return {
        data: { coupleId, modelId, digest },
        text: fields([
          ['Training', coupleId],
          ['Digest', `${shortDigest(digest)}, as on the ledger`],
        ]),
      };
    },
  });
}
