import { ContractError, type ErrorFacts } from './errors.js';

/** The party that takes a step. `anyone` needs no registration; a deadline guards such steps. */
export type Actor = 'dataOwner' | 'cloudOwner' | 'modelOwner' | 'organization' | 'anyone';

/** A step of a record from one state to another. */
export interface Transition<State extends string> {
  /** Null while the record does not exist. */
  readonly from: State | null;
  /** The transaction that takes it. */
  readonly action: string;
  /** Who may take it. */
  readonly by: Actor;
  /** The state after it. */
  readonly to: State;
}

/** The states of a kind of record, as a table. */
export interface StateMachine<State extends string> {
  /** The kind of record. */
  readonly name: string;
  /** Every step that there is. */
  readonly transitions: readonly Transition<State>[];
}

/** The states to which `action` may lead from `from`. Some actions have two; the rules decide between them. */
export const nextStates = <State extends string>(
  machine: StateMachine<State>,
  from: State | null,
  action: string,
): readonly State[] =>
  machine.transitions.filter((step) => step.from === from && step.action === action).map((step) => step.to);

/** Checks a step against the table and returns its target state. Refuses with WRONG_STATE. */
export function step<State extends string>(
  machine: StateMachine<State>,
  from: State | null,
  action: string,
  to: State,
  facts: ErrorFacts = {},
): State {
  if (nextStates(machine, from, action).includes(to)) return to;
  throw new ContractError(
    'WRONG_STATE',
    `${action} is not possible while the ${machine.name} is ${from ?? 'absent'}.`,
    {
      state: from,
      ...facts,
    },
  );
}

/** States that no transition leaves. */
export function finalStates<State extends string>(machine: StateMachine<State>): readonly State[] {
  const left = new Set(machine.transitions.map((each) => each.from));
  return [...new Set(machine.transitions.map((each) => each.to))].filter((state) => !left.has(state));
}
