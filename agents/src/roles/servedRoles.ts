import { didYouMean, memberError } from '@veritrain/member/errors';

/** The roles that have an agent, and the faults that each can be told to commit. Each fault is caught by the contract. */
export const servedRoles = {
  dataOwner: {
    faults: {
      'withhold-link': 'never opens a link of its draw chain',
    },
  },
  cloudOwner: {
    faults: {
      'wrong-update': 'commits to, and delivers, a valid update of another step',
      'random-bytes': 'commits to, and delivers, random bytes',
      truncated: 'commits to, and delivers, the first half of its update',
      'wrong-parameters': 'commits to, and delivers, an update that names other encryption parameters',
      silent: 'never answers',
      copy: 'copies a sister’s commitment',
      late: 'commits after the deadline',
      'no-upload': 'commits, and never uploads',
    },
  },
  modelOwner: {
    faults: {
      'wrong-digest': 'closes every subset with a digest that nobody committed to',
      'never-close': 'never closes a subset',
      'withhold-model': 'opens rounds with a model that it never stores',
    },
  },
} as const;

export type ServedRole = keyof typeof servedRoles;
export type FaultOf<R extends ServedRole> = keyof (typeof servedRoles)[R]['faults'];
export type Fault = { [R in ServedRole]: FaultOf<R> }[ServedRole];

/** Whether it is a fault that an agent of the role can be told to commit. */
export const isFaultOf = <R extends ServedRole>(role: R, fault: Fault): fault is Fault & FaultOf<R> =>
  Object.hasOwn(servedRoles[role].faults, fault);

const known = Object.values(servedRoles).flatMap(({ faults }) => Object.keys(faults) as Fault[]);

/** @throws WRONG_ARGUMENT */
export function parseFault(name: string): Fault {
  const fault = known.find((each) => each === name);
  if (fault !== undefined) return fault;
  throw memberError('VT9001', `There is no fault ${name}.${didYouMean(name, known)}`, {
    facts: { fault: name, known: known.join(', ') },
  });
}
