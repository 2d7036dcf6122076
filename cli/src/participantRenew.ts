import type { Command } from 'commander';
import { z } from 'zod';
import { fields } from './text.js';
import { verb } from './verb.js';

const renewInput = z.strictObject({
  connect: z.string().min(1).optional(),
  fabric: z.string().min(1).optional(),
  organization: z.string().min(1).optional(),
  ca: z.url().optional(),
  caName: z.string().min(1).optional(),
  tlsRoot: z.string().min(1).optional(),
  secretFile: z.string().min(1).optional(),
});
export type RenewInput = z.output<typeof renewInput>;

/** `veritrain participant renew` */
export function renew(): Command {
  return verb({
    name: 'renew',
    summary: 'get a new certificate and key for this profile, of the same member',
    details: [
      'The CA is the one that the profile was made with, unless another is named, which the profile then remembers. The old certificate vouches for the request, so it must still be valid. After its end the request needs a new secret of the CA’s registrar (--secret-file or VERITRAIN_ENROLMENT_SECRET). The keyring and the participant stay.',
      'An agent that runs takes the new certificate within some seconds.',
    ],
    options: [
      ['--connect <file>', "a ledger's connection file, or the folder of a ledger or a network"],
      ['--fabric <folder>', "a Fabric network's organisations folder, or a connection profile"],
      ['--organization <domain>', "default: the one that this profile's MSP id names"],
      ['--ca <url>', "default: the connection's own, or the profile's"],
      ['--ca-name <name>', 'default: ca-org1 for org1.example.com'],
      ['--tls-root <file>', 'root certificate of the CA'],
      ['--secret-file <file>', 'enrol again with this secret'],
    ],
    examples: [
      'veritrain participant renew --profile alder',
      'veritrain participant renew --connect market --profile alder',
      'veritrain participant renew --ca https://ca.example.com:7054 --ca-name ca-org3 --tls-root ca.pem',
      'veritrain participant renew --fabric organizations --secret-file secret.txt',
    ],
    input: renewInput,
    run: async (given, session) => {
      const { profileFolder } = await import('@veritrain/member/profile');
      const { renewCertificate } = await import('@veritrain/member/enrolment');
      const { MemberHome } = await import('@veritrain/member/home');
      const { enrolmentSecret } = await import('./marketEndpoint.js');
      const { caOf } = await import('./renewalAuthority.js');
      const { loadProfile } = await import('@veritrain/client-sdk');
      const home = new MemberHome(profileFolder(session.profile));
      const profile = loadProfile(home.profilePath);
      const { name, mspId } = profile;
      const ca = await caOf(given, profile);
      const secret = await enrolmentSecret(given.secretFile);
      const renewal = await renewCertificate(home, ca, { secret }, session.context);
      const text = fields([
        ['Profile', name],
        ['Enrolled as', renewal.enrolmentId],
        ['Valid until', `${renewal.validUntil.slice(0, 10)} (before: ${renewal.before.slice(0, 10)})`],
      ]);
      return { data: { profile: name, mspId, ...renewal }, text, next: `veritrain whoami --profile ${name}` };
    },
  });
}
