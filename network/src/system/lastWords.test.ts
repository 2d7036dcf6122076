import { describe, expect, it } from 'vitest';
import { LastLines, lastWords } from './lastWords.js';

const wordsOf = (text: string): string => lastWords(text.split('\n'));

describe('last words', () => {
  it('leave out times, colours, and what does not tell why', () => {
    const log = [
      '\u001b[34m2026-11-26 00:51:25.413 UTC 0001 INFO\u001b[0m [orderer] Main -> starting',
      '\u001b[31m2026-11-26 00:51:25.500 UTC 0002 ERRO\u001b[0m [orderer] Main -> failed to parse config',
    ];
    expect(lastWords(log)).toBe('0002 ERRO [orderer] Main -> failed to parse config');
    expect(wordsOf('one\ntwo\nthree\nfour')).toBe('two | three | four');
    expect(wordsOf('\n\n')).toBe('it said nothing');
  });

  it('begin with the first line of the error that ended it, not with its trace', () => {
    const text = `node:internal/modules/cjs/loader:1404
  throw err;
  ^

Error: Cannot find module '/chaincode/dist/index.js'
Require stack:
- /chaincode/node_modules/fabric-shim/lib/errors.js
    at Function._resolveFilename (node:internal/modules/cjs/loader:1401:15)
    at callErrorFromStatus (/chaincode/node_modules/fabric-shim/lib/error.js:77:23) {
  code: 'MODULE_NOT_FOUND',
  requireStack: [ '/chaincode/node_modules/fabric-shim/cli.js' ],
  [cause]: Error: the first reason
      at Object.fail (/chaincode/a.js:1:1)
  }
}

Node.js v22.23.3`;
    expect(wordsOf(text)).toBe(
      "Error: Cannot find module '/chaincode/dist/index.js' | [cause]: Error: the first reason",
    );
    const more = ['level=error msg="one"', 'level=error msg="two"', 'level=error msg="three"'];
    const passedOn = text.split('\n').map((line) => `[chaincode Org1MSP] ${line}`);
    expect(lastWords(passedOn)).toBe(wordsOf(text));
    expect(lastWords(['TypeError: x is not a function', ...more])).toBe(
      ['TypeError: x is not a function', ...more].join(' | '),
    );
  });

  it('are of the last error, where there were others before', () => {
    expect(
      wordsOf('Error: of yesterday\n    at a (b:1:1)\nstarted\npanic: of today\n\ngoroutine 1 [running]:'),
    ).toBe('Error: of yesterday | panic: of today');
  });

  it('are kept of a process that goes on for long, however long its lines are', () => {
    const lines = new LastLines();
    for (let line = 0; line < 10_000; line += 1) lines.add(`info ${line}`);
    lines.add(`RangeError: ${'x'.repeat(1_000_000)}`);
    for (let frame = 0; frame < 50; frame += 1) lines.add(`    at error${frame} (file.js:1:1)`);
    expect(lines.words).toBe(`RangeError: ${'x'.repeat(288)}…`);
  });
});
