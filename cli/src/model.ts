import type { Command } from 'commander';
import type { Model } from '@veritrain/client-sdk';
import type { TrainingProgram } from '@veritrain/training';
import { z } from 'zod';
import { listAnswer, take } from './list.js';
import {
  checkFamilyOptions,
  familyNames,
  familyOptions,
  familyValues,
  featuresText,
  headText,
  programOf,
  taskText,
} from './modelFamilies.js';
import { card } from './modelCard.js';
import { evaluate } from './modelEvaluate.js';
import { exportModel, predict, verifyModel } from './modelUse.js';
import { orSuggest } from './suggest.js';
import { featuresOption } from './wishOptions.js';
import { noun, verb } from './verb.js';
import { shortDigest } from '@veritrain/member/text';
import { fields, type Cell } from './text.js';
import { count, decimal, modelId, pageOptions, pageValues, participantOrName } from './values.js';

/** `veritrain model …` */
export function modelCommand(): Command {
  return noun('model', 'models: register, list, show, export, card, verify, predict, evaluate', [
    register(),
    show(),
    list(),
    exportModel(),
    card(),
    verifyModel(),
    predict(),
    evaluate(),
  ]);
}

const describe = (of: Model, more: readonly (readonly [string, Cell])[] = []): string =>
  fields([
    ['Model', of.modelId],
    ['Owner', of.ownerId],
    ['Protection', of.protection],
    ['Program', shortDigest(of.programDigest)],
    ['Architecture', shortDigest(of.architectureDigest)],
    ...more,
  ]);

const programRows = (program: TrainingProgram): [string, Cell][] => [
  ['Family', program.family],
  ['Task', taskText(program)],
  ['Trains by', headText(program.head)],
  ['Features', featuresText(program)],
];

function register(): Command {
  return verb({
    name: 'register',
    summary: 'register a model and the program that trains it',
    details: [
      'A linear model predicts a number, a logistic one the probability of one of two classes.',
      'Encrypted, hosts never see the model; plain, they do.',
    ],
    options: [
      ['--id <id>', 'the model (default: a random one)'],
      ['--family <kind>', `${familyNames.join(' or ')} (default linear)`],
      ['--protection <kind>', 'encrypted or plain (default encrypted)'],
      ...familyOptions,
      featuresOption,
      ['--early-stopping <tolerance>', 'stop once the gradient stays under this part of its first value'],
      ['--patience <rounds>', 'for that many rounds (default 3, with --early-stopping)'],
    ],
    examples: [
      'veritrain model register',
      'veritrain model register --id md_ridge1 --ridge 0.1 --early-stopping 0.001',
      'veritrain model register --family logistic',
      'veritrain model register --family logistic --classes 1,2 --degree 1',
      'veritrain model register --features polynomial',
      'veritrain model register --protection plain --format json',
    ],
    input: z
      .strictObject({
        id: modelId.optional(),
        family: z.enum(familyNames).default('linear'),
        protection: z.enum(['encrypted', 'plain']).default('encrypted'),
        ...familyValues,
        features: z.string().optional(),
        earlyStopping: decimal(0.00001, 0.5).optional(),
        patience: count(1, 100).default(3),
      })
      .superRefine(({ id, family, protection, earlyStopping, patience, features, ...values }, context) => {
        for (const issue of checkFamilyOptions(family, values))
          context.addIssue({ code: 'custom', ...issue });
      }),
    run: async ({ id, family, protection, earlyStopping, patience, features, ...values }, session) => {
      const { defineProgram, parseFeatureMap } = await import('@veritrain/training');
      const { registerModel } = await import('@veritrain/member/models');
      const early =
        earlyStopping === undefined ? {} : { earlyStopping: { tolerance: earlyStopping, patience } };
      const featureMap = features === undefined ? {} : { featureMap: parseFeatureMap(features) };
      const program = programOf(defineProgram, family, { protection, ...early, ...featureMap }, values);
      const member = await session.member();
      const { model, writes } = await registerModel(member, { program, modelId: id }, session.context);
      return {
        data: { ...model, program },
        text: describe(session.named(model), programRows(program)),
        writes,
        next: `veritrain couple request --model ${model.modelId} --dataset <dataset> --dry-run`,
      };
    },
  });
}

function show(): Command {
  return verb({
    name: 'show',
    summary: 'a model, its program and its trainings',
    arguments: [['<model>', 'the model']],
    examples: ['veritrain model show md_ridge1', 'veritrain model show md_ridge1 --format json'],
    input: z.strictObject({ model: modelId }),
    run: async ({ model }, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const { fetchProgram } = await import('@veritrain/member/models');
      const { everyPage } = await import('@veritrain/client-sdk');
      const member = await session.member();
      const of = await orSuggest(
        session,
        model,
        () => ask(member, 'GetModel', { modelId: model }, session.context),
        ({ models }) => models.list,
        (known) => known.modelId,
      );
      const program = await fetchProgram(member, of, session.context);
      const { items: couples } = await take(
        everyPage(member.market.couples.list, { modelId: model }, session.context),
        1000,
      );
      const text = describe(session.named(of), [
        ...programRows(program),
        [
          'Trainings',
          couples.map((couple) => `${couple.coupleId} (${couple.state})`).join(', ') || 'none yet',
        ],
      ]);
      return { data: { ...of, program, couples }, text };
    },
  });
}

function list(): Command {
  return verb({
    name: 'list',
    summary: 'the models of the market',
    options: [['--owner <participant>', 'only those of this owner, by id or name'], ...pageOptions],
    examples: ['veritrain model list', 'veritrain model list --owner lab --format jsonl'],
    input: z.strictObject({ owner: participantOrName.optional(), ...pageValues }),
    run: async ({ owner, limit }, session) => {
      const { everyPage } = await import('@veritrain/client-sdk');
      const { familyOfModel } = await import('@veritrain/member/models');
      const { market } = await session.member();
      const filter = owner === undefined ? {} : { ownerId: await session.idOf(owner) };
      return listAnswer({
        ...(await take(everyPage(market.models.list, filter, session.context), limit)),
        head: ['model', 'owner', 'family', 'protection', 'program'],
        named: (of) => session.named(of),
        row: (of) => [
          of.modelId,
          of.ownerId,
          familyOfModel(of),
          of.protection,
          shortDigest(of.programDigest),
        ],
        whenEmpty: 'None yet. A model owner begins with: veritrain model register',
      });
    },
  });
}
