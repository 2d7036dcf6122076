import { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import { MemberHome } from '../home/memberHome.js';
import { StateFile } from '../home/stateFile.js';
import { profileFolder } from './member.js';
import { isParticipantId, memberName, participantId } from './memberName.js';
import { didYouMean } from '../errors/nearest.js';

const entry = z.strictObject({
  /** The member's name: see `memberName` for its form. */
  name: memberName,
  /** The member's id, `pt_…`. */
  participantId,
});

/** A member and the name that the user of this profile gave it. */
export interface NamedMember extends z.infer<typeof entry> {}

const bookSchema = z.strictObject({ schemaVersion: z.literal(1), members: z.array(entry) });

/** Names that differ in case only are the same. */
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * The names that the user of this profile gave to members. They stay beside the profile on this machine: no name goes to
 * the ledger, into the vault or into a file for others.
 */
export class AddressBook {
  private readonly file: StateFile<z.infer<typeof bookSchema>>;

  constructor(home: MemberHome) {
    this.file = new StateFile(home.file('names.json'), bookSchema);
  }

  /**
   * The names of a profile.
   *
   * @param profile a name, a folder or a profile file; default: VERITRAIN_PROFILE, else the only profile
   * @throws PROFILE_UNKNOWN, PROFILE_AMBIGUOUS
   */
  static of(profile?: string): AddressBook {
    return new AddressBook(new MemberHome(profileFolder(profile)));
  }

  /** All members that have a name, sorted by it. @throws FILE_INVALID */
  list(): NamedMember[] {
    try {
      return this.file.read()?.members ?? [];
    } catch (cause) {
      const { path } = this.file;
      throw memberError('VT9004', `The names of members in ${path} cannot be read.`, {
        facts: { path },
        hint: 'Repair the file, or move it away and name the members again: `veritrain participant name`.',
        cause,
      });
    }
  }

  /** The participant of an id or a name. @throws NAME_UNKNOWN, FILE_INVALID */
  idOf(idOrName: string): string {
    if (isParticipantId(idOrName)) return idOrName;
    const members = this.list();
    const found = members.find(({ name }) => same(name, idOrName));
    if (found !== undefined) return found.participantId;
    const candidates = members.map(({ name }) => name);
    const said = `Nobody is called ${idOrName} here.${didYouMean(idOrName, candidates)}`;
    throw memberError('VT9111', said, { facts: { name: idOrName } });
  }

  /** The name of a participant's id; undefined if it has none here. @throws FILE_INVALID */
  nameOf(id: string): string | undefined {
    return this.list().find((member) => member.participantId === id)?.name;
  }

  /** Gives a member a name, replacing its old one. @throws NAME_TAKEN, FILE_INVALID */
  give(member: NamedMember): void {
    const others = this.list().filter((known) => known.participantId !== member.participantId);
    const taken = others.find(({ name }) => same(name, member.name));
    if (taken !== undefined) {
      throw memberError('VT9110', `${taken.name} is already the name of ${taken.participantId}.`, {
        facts: { ...taken },
      });
    }
    this.write([...others, member]);
  }

  /** Takes a member's name away. @returns the member with that name @throws NAME_UNKNOWN, FILE_INVALID */
  forget(idOrName: string): NamedMember {
    const id = this.idOf(idOrName);
    const members = this.list();
    const found = members.find((known) => known.participantId === id);
    if (found === undefined)
      throw memberError('VT9111', `${id} has no name here.`, { facts: { participantId: id } });
    this.write(members.filter((known) => known !== found));
    return found;
  }

  private write(members: NamedMember[]): void {
    members.sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1));
    this.file.write({ schemaVersion: 1, members });
  }
}
