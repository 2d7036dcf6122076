import { adding, replacing } from '../../support/changedContract.js';

/**
 * What organisations make of the contract that want a market of their own: ticks at any time, other draws, rounds that are
 * settled before they began, verdicts against every host, and anybody in anybody's place, by any link.
 */
export const alterations = {
  'contracts/market/tick.js': replacing('offMs > windowMs', 'false'),
  'contracts/round/queries.js': replacing(
    'settled: (0, coupleRecord_js_1.isSettled)(round, of.settlements)',
    'settled: true',
  ),
  'domain/draw.js': adding(
    `const honest = draw;
     exports.draw = (input) => {
       const { drawn } = honest(input);
       return { drawn: drawn.map((subset) => (subset + 1) % input.subsets), remainder: drawn };
     };`,
  ),
  'domain/drawLink.js': adding(
    'exports.openLink = (_, { anchor }, attempt, link) => ({ anchor, opened: { attempt, link } });',
  ),
  'domain/verdict.js': adding(
    `exports.judgeClose = (answers, said) => ({
       outcome: 'agreed', digest: said, verdicts: judgeSlots(answers, () => 'dissented'),
     });`,
  ),
  'ledger/transaction.js': adding(
    'Transaction.prototype.requireCaller = async function () { await this.callerId(); };',
  ),
};
