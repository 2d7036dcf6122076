import { Contract, type Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { createCi, createDs, createDss, joinCi, verifyCi } from './distribution.js';
import { ciInput, dsInput, dssInput, joinInput, verifyInput } from './distribution.js';
import { createMember, memberInput } from './members.js';
import { approveTc, createMod, endTc, payTc, requestTc, startRound, updateTj } from './training.js';
import { modInput, requestInput, tcInput, updateInput } from './training.js';

/** Runs a function with its one JSON argument, and returns the record that it wrote. */
async function execute<Schema extends z.ZodType>(
  context: Context,
  argument: string,
  schema: Schema,
  act: (context: Context, input: z.output<Schema>) => Promise<object>,
): Promise<string> {
  return JSON.stringify(await act(context, schema.parse(JSON.parse(argument))));
}

/** The fifteen functions that members call in "Ownership Preserving AI Market Places Using Blockchain". */
export class OamContract extends Contract {
  constructor() {
    super('OamContract');
  }

  createDO(context: Context, argument: string): Promise<string> {
    return execute(context, argument, memberInput, createMember('do'));
  }

  createMO(context: Context, argument: string): Promise<string> {
    return execute(context, argument, memberInput, createMember('mo'));
  }

  createCO(context: Context, argument: string): Promise<string> {
    return execute(context, argument, memberInput, createMember('co'));
  }

  CreateDS(context: Context, argument: string): Promise<string> {
    return execute(context, argument, dsInput, createDs);
  }

  CreateDSS(context: Context, argument: string): Promise<string> {
    return execute(context, argument, dssInput, createDss);
  }

  CreateCI(context: Context, argument: string): Promise<string> {
    return execute(context, argument, ciInput, createCi);
  }

  JoinCI(context: Context, argument: string): Promise<string> {
    return execute(context, argument, joinInput, joinCi);
  }

  VerifyCI(context: Context, argument: string): Promise<string> {
    return execute(context, argument, verifyInput, verifyCi);
  }

  CreateMod(context: Context, argument: string): Promise<string> {
    return execute(context, argument, modInput, createMod);
  }

  RequestTC(context: Context, argument: string): Promise<string> {
    return execute(context, argument, requestInput, requestTc);
  }

  ApproveTC(context: Context, argument: string): Promise<string> {
    return execute(context, argument, tcInput, approveTc);
  }

  StartRound(context: Context, argument: string): Promise<string> {
    return execute(context, argument, tcInput, startRound);
  }

  UpdateTJ(context: Context, argument: string): Promise<string> {
    return execute(context, argument, updateInput, updateTj);
  }

  EndTC(context: Context, argument: string): Promise<string> {
    return execute(context, argument, tcInput, endTc);
  }

  PayTC(context: Context, argument: string): Promise<string> {
    return execute(context, argument, tcInput, payTc);
  }
}
