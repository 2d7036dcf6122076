import { inMemoryKeyring, participantIdOf } from '@veritrain/client-sdk/keys';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MemberHome } from '../home/memberHome.js';
import { testFolder } from '../../../test/support/folder.js';
import { AddressBook } from './addressBook.js';
import { memberName } from './memberName.js';

const folder = testFolder('names');
const [alder, birch] = ['alder', 'birch'].map((seed) => participantIdOf(inMemoryKeyring(seed))) as [
  string,
  string,
];

it('finds a member by its name, whatever the case, and takes ids as they are', () => {
  const book = new AddressBook(new MemberHome(folder()));
  expect(book.list()).toEqual([]);
  expect(book.idOf(alder)).toBe(alder);
  book.give({ participantId: alder, name: 'Alder Clinic' });
  expect(book.idOf('alder clinic')).toBe(alder);
  expect(book.nameOf(alder)).toBe('Alder Clinic');
  expect(book.nameOf(birch)).toBeUndefined();
  expect(() => book.idOf('alder clinik')).toThrow('Did you mean Alder Clinic?');
});

it('gives a member one name, and a name to one member', () => {
  const book = new AddressBook(new MemberHome(folder()));
  book.give({ participantId: alder, name: 'alder' });
  expect(() => book.give({ participantId: birch, name: 'ALDER' })).toThrow('VT9110');
  book.give({ participantId: alder, name: 'oak' });
  book.give({ participantId: birch, name: 'alder' });
  expect(book.list()).toEqual([
    { participantId: birch, name: 'alder' },
    { participantId: alder, name: 'oak' },
  ]);
  expect(book.forget('oak')).toEqual({ participantId: alder, name: 'oak' });
  expect(() => book.forget(alder)).toThrow('VT9111');
  expect(() => book.idOf('oak')).toThrow('VT9111');
});

it('is a file of its owner’s alone, beside the profile; one that was changed is refused, not lost', () => {
  const home = new MemberHome(folder());
  const book = new AddressBook(home);
  book.give({ participantId: alder, name: 'alder' });
  const path = home.file('names.json');
  expect(statSync(path).mode & 0o077).toBe(0);
  for (const damage of ['{', '{"schemaVersion":1,"members":[{"name":"a\\u202eb","participantId":"pt_x"}]}']) {
    writeFileSync(path, damage);
    expect(() => book.idOf('alder')).toThrow('VT9004');
    expect(() => book.give({ participantId: birch, name: 'birch' })).toThrow('VT9004');
    expect(readFileSync(path, 'utf8')).toBe(damage);
  }
  expect(existsSync(`${path}.damaged`)).toBe(false);
});

it.each(['alder', 'Älder', '白樺', 'St. Mary’s', 'host-3', '7', 'a'.repeat(40)])(
  'takes the name %j',
  (name) => {
    expect(memberName.parse(name)).toBe(name);
  },
);

it('takes a name in one form, however its accents were typed', () => {
  expect(memberName.parse('A\u0308lder')).toBe('Älder');
});

it.each([
  ['nothing', ''],
  ['a space alone', ' '],
  ['a space at the end', 'alder '],
  ['two spaces', 'alder  oak'],
  ['a new line', 'alder\noak'],
  ['an escape sequence', '\u001b[31malder'],
  ['a character that shows nothing', 'al\u200bder'],
  ['a filler that counts as a letter', '\u3164'],
  ['a selector that counts as a mark', 'a\ufe0f'],
  ['one that turns the direction', 'al\u202eder'],
  ['a path', '../alder'],
  ['a slash', 'al/der'],
  ['what looks like an id', 'pt_alder'],
  ['what looks like an option', '--yes'],
  ['too much', 'a'.repeat(41)],
])('refuses %s as a name', (_what, name) => {
  expect(memberName.safeParse(name).success).toBe(false);
});
