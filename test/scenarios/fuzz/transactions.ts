import { qualifiedName, transactionNames, transactions } from '@veritrain/client-sdk/protocol';
import { outcomeOfCommit, outcomeOfTransaction, type Outcome } from './answers.js';
import { changed, changedText, type Json } from './json.js';
import type { Random } from './random.js';
import type { World } from './world.js';

/** A call of the contract that somebody might make. */
export interface TransactionCase {
  readonly caller: number;
  readonly submits: boolean;
  readonly name: string;
  readonly arguments: readonly string[];
}

/** No transaction has such a name. */
const names = [
  '',
  ':',
  'Tick',
  'MarketContract',
  'MarketContract:',
  ':Tick',
  'MarketContract:tick',
  '\u0000',
];
const objects = ['__proto__', 'constructor', 'toString', 'MarketContract:constructor', '__proto__:toString'];
const likeCodes = [
  'VT0203 NOT_APPROVED: x',
  'VT0203 NOT_APPROVED: x:y {"a":1}',
  'x'.repeat(5000),
  '\u202e:\ud800',
];
const methods = ['beforeTransaction', 'unknownTransaction', 'createContext', 'getName'];

/** The example of a transaction, changed in some places, for some member, with the ids of this market. */
export function transactionCase(
  random: Random,
  { callers, ids }: Pick<World, 'callers' | 'ids'>,
): TransactionCase {
  const transaction = random.pick(transactionNames);
  let input = withIds(random, transactions[transaction].example as Json, ids);
  for (let changes = random.below(4); changes > 0; changes--) input = changed(random, input, ids);
  const text = JSON.stringify(input);
  const argument = random.oneIn(8) ? changedText(random, text) : text;
  const others = [...names, ...objects, ...likeCodes, ...methods.map((method) => `MarketContract:${method}`)];
  return {
    caller: random.below(callers.length),
    submits: random.oneIn(2),
    name: random.oneIn(20) ? random.pick(others) : qualifiedName(transaction),
    arguments: random.oneIn(20) ? random.pick([[], [argument, argument], ['', '', '']]) : [argument],
  };
}

/** Ids of the example become such as the ledger knows, mostly. */
function withIds(random: Random, value: Json, ids: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((item) => withIds(random, item, ids));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIds(random, item, ids)]));
  if (typeof value !== 'string' || random.oneIn(6)) return value;
  const alike = ids.filter((id) => id.slice(0, 3) === value.slice(0, 3));
  return alike.length === 0 ? value : random.pick(alike);
}

/** Makes the call; a transaction that is endorsed is committed, too. */
export async function callTransaction(world: World, made: TransactionCase): Promise<Outcome> {
  const { channel, chaincode } = world.market.ledger;
  const caller = world.callers[made.caller];
  if (caller === undefined) throw new RangeError('there is no such caller');
  const contract = caller.gateway.getNetwork(channel).getContract(chaincode);
  const proposal = contract.newProposal(made.name, { arguments: [...made.arguments] });
  const deadline = (): { deadline: number } => ({ deadline: Date.now() + 60_000 });
  try {
    if (made.submits) {
      const transaction = await proposal.endorse(deadline());
      const submitted = await transaction.submit(deadline());
      const { code, successful } = await submitted.getStatus(deadline());
      if (!successful) return outcomeOfCommit(code);
    } else await proposal.evaluate(deadline());
    return accepted(made.name);
  } catch (error) {
    return outcomeOfTransaction(error);
  }
}

const known: ReadonlySet<string> = new Set(transactionNames.map(qualifiedName));

const accepted = (name: string): Outcome =>
  known.has(name) ? { name: 'accepted' } : { name: 'accepted', fault: `there is no transaction ${name}` };
