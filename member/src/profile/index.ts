/** Opens a member by its profile, and its names for other members. @module */
export { AddressBook } from './addressBook.js';
export type { NamedMember } from './addressBook.js';
export { openMember, profileFolder, profilesFolder, veritrainHome } from './member.js';
export type { Member } from './member.js';
