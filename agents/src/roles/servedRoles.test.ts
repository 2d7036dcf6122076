import { expect, it } from 'vitest';
import { isFaultOf, parseFault, servedRoles, type ServedRole } from './servedRoles.js';

const roles = Object.keys(servedRoles) as ServedRole[];

it('knows every fault by its name, of one role each, and suggests the nearest to another', () => {
  for (const role of roles)
    for (const name of Object.keys(servedRoles[role].faults))
      expect(roles.filter((each) => isFaultOf(each, parseFault(name)))).toEqual([role]);
  expect(() => parseFault('wrong-updat')).toThrow(/VT9001.*Did you mean wrong-update\?/s);
  expect(() => parseFault('toString')).toThrow('VT9001');
});
