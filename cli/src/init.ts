import type { Command } from 'commander';
import { initInput, initOptions } from './initInput.js';
import { fields } from './text.js';
import { verb } from './verb.js';

/** `veritrain init` */
export function initCommand(): Command {
  return verb({
    name: 'init',
    summary: 'make a profile: an identity, a keyring, a market to connect to',
    details: [
      'The market is reached through an embedded ledger (--connect) or through a peer of a Fabric network (--fabric). The identity comes from an organisations folder (--user), from a wallet folder (--wallet) or from a Fabric CA (--enrol). The keyring is locked with VERITRAIN_PASSPHRASE, or with a key file beside it.',
      'Profiles live under VERITRAIN_HOME (~/.veritrain). Nothing is sent but the enrolment.',
    ],
    arguments: [['<name>', 'the name of the profile on this machine']],
    options: initOptions,
    local: true,
    examples: [
      'veritrain init hospital --connect market --organization org1.example.com --user User1',
      'veritrain init alder --connect market --organization org3.example.com --register',
      'veritrain init clinic --fabric organizations --organization org1.example.com --user User1',
      'veritrain init lab --fabric organizations --organization org2.example.com --enrol lab --secret-file secret.txt',
      'veritrain init birch --fabric organizations --organization org2.example.com --register --registrar admin --secret-file admin.txt',
      'veritrain init old --fabric connection-org1.json --wallet wallet --identity appUser',
    ],
    input: initInput,
    run: async (given) => {
      const { veritrainHome, profilesFolder } = await import('@veritrain/member/profile');
      const { createProfile, enrolmentIdIn } = await import('@veritrain/member/enrolment');
      const { knownAuthority, endpointOf } = await import('./marketEndpoint.js');
      const { credentialsOf } = await import('./initIdentity.js');
      const endpoint = await endpointOf(given);
      const credentials = await credentialsOf(given, endpoint);
      const { connection, tls } = endpoint;
      const passphrase = process.env.VERITRAIN_PASSPHRASE;
      const home = await createProfile({
        name: given.name,
        folder: `${profilesFolder()}/${given.name}`,
        connection,
        tls,
        credentials,
        certificateAuthority: knownAuthority(given, endpoint, given.organization ?? endpoint.organization),
        vault: given.vault ?? `${veritrainHome()}/vault`,
        passphrase,
      });
      const data = {
        profile: given.name,
        folder: home.folder,
        mspId: credentials.mspId,
        enrolmentId: enrolmentIdIn(credentials),
        gateway: connection.gateway,
        channel: connection.channel,
        chaincode: connection.chaincode,
        keyringLock: passphrase === undefined ? 'keyFile' : 'passphrase',
      };
      const text = fields([
        ['Profile', data.profile],
        ['Folder', data.folder],
        ['Organisation', data.mspId],
        ['Enrolled as', data.enrolmentId],
        ['Gateway', `${data.gateway}, channel ${data.channel}, chaincode ${data.chaincode}`],
        [
          'Keyring',
          passphrase === undefined ? 'locked with a key file beside it' : 'locked with VERITRAIN_PASSPHRASE',
        ],
      ]);
      return { data, text, next: `veritrain doctor --profile ${given.name}` };
    },
  });
}
