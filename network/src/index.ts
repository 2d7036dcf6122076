/** Hyperledger Fabric networks as plain processes on one machine. */
export { up } from './commands/up.js';
export type { NetworkCommand, UpOptions } from './commands/up.js';
export { deploy, upgrade } from './commands/deploy.js';
export type { DeployOptions } from './commands/deploy.js';
export { revoke } from './commands/revoke.js';
export type { Revocation, RevokeOptions } from './commands/revoke.js';
export type { RevocationReason } from './material/enrolment.js';
export { status } from './commands/status.js';
export type { NetworkStatus, NodeStatus } from './commands/status.js';
export { watch } from './commands/watch.js';
export type { WatchOptions } from './commands/watch.js';
export { down } from './commands/down.js';

export { install } from './install/install.js';
export type { Installed, InstallOptions } from './install/install.js';
export type { DownloadProgress } from './install/download.js';

export { peerAddress } from './plan/addresses.js';
export { fabricVersions, networkOptionsSchema } from './plan/options.js';
export type { FabricVersion, NetworkChoices, NetworkOptions } from './plan/options.js';
export type { Deployment, NetworkFile } from './plan/networkFile.js';
export { missingPrograms } from './system/programs.js';
export { NetworkError, networkErrors } from './errors.js';
export type { NetworkErrorCode } from './errors.js';
