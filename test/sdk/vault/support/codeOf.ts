import { isVeritrainError } from '@veritrain/client-sdk';

/** The code that something fails with; `done` where it does not. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (!isVeritrainError(error)) throw error;
      return error.code;
    },
  );
