import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testFolder } from '../../../test/support/folder.js';
import { StateFile } from './stateFile.js';

const folder = testFolder('state');

const noted = z.strictObject({ attempt: z.int() });

describe('StateFile', () => {
  it('is undefined before it is written, and then what was written last', () => {
    const file = new StateFile(join(folder(), 'couples', 'tc_1', 'state.json'), noted);
    expect(file.read()).toBeUndefined();
    file.write({ attempt: 1 });
    file.write({ attempt: 2 });
    expect(file.read()).toEqual({ attempt: 2 });
  });

  it('refuses what is not its document', () => {
    const path = join(folder(), 'state.json');
    const file = new StateFile(path, noted);
    for (const content of ['{"attempt":"2"}', '{"attempt":2,"more":1}', '{"attempt":', '']) {
      writeFileSync(path, content);
      expect(() => file.read(), content).toThrow();
    }
  });
});
