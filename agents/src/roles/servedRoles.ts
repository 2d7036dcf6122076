import { didYouMean, memberError } from '@veritrain/member/errors';

/** The roles that have an agent, and the faults that each can be told to commit. Each fault is caught by the contract. */
export const servedRoles = {
  /** Verifies hosts, answers requests, and opens the links of its draw chain. */
  dataOwner: {
    /** Each with its effect, in words. */
    faults: {
      'withhold-link': 'never opens a link of its draw chain',
    },
  },
  /** Computes updates on the packages that it holds, commits to them and uploads them. */
  cloudOwner: {
    /** Each with its effect, in words. */
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
  /** Opens rounds, stores models, applies updates and closes subsets. */
  modelOwner: {
    /** Each with its effect, in words. */
    faults: {
      'wrong-digest': 'closes every subset with a digest that nobody committed to',
      'never-close': 'never closes a subset',
      'withhold-model': 'opens rounds with a model that it never stores',
    },
  },
} as const;

/** A role that has an agent. */
export type ServedRole = keyof typeof servedRoles;

/** A fault that the agent of a role can be told to commit. */
export type FaultOf<R extends ServedRole> = keyof (typeof servedRoles)[R]['faults'];

/** A fault of any role, such as `wrong-update`. {@link servedRoles} says what each does. */
export type Fault = { [R in ServedRole]: FaultOf<R> }[ServedRole];

/** Whether it is a fault that an agent of the role can be told to commit. */
export const isFaultOf = <R extends ServedRole>(role: R, fault: Fault): fault is Fault & FaultOf<R> =>
  Object.hasOwn(servedRoles[role].faults, fault);

const known = Object.values(servedRoles).flatMap(({ faults }) => Object.keys(faults) as Fault[]);

/** The fault of a name that a user typed. @throws WRONG_ARGUMENT, naming the closest one */
export function parseFault(name: string): Fault {
  const fault = known.find((each) => each === name);
  if (fault !== undefined) return fault;
  throw memberError('VT9001', `There is no fault ${name}.${didYouMean(name, known)}`, {
    facts: { fault: name, known: known.join(', ') },
  });
}
