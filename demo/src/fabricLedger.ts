import { marketChaincode } from '@veritrain/local';
import { localError } from '@veritrain/local/errors';
import { deploy, down, up, watch } from '@veritrain/network';
import { type DemoLedger, type ServiceOptions, organizations } from './ledger.js';

/**
 * Keeps real Fabric and Fabric CA running, as plain processes: each that dies is started again.
 * @throws NetworkError PROGRAM_MISSING and the other errors of `veritrain network up` and `deploy`
 */
export async function startFabricLedger(options: ServiceOptions): Promise<DemoLedger> {
  const { data: folder, onProgress, onRestart, onGiveUp, signal } = options;
  try {
    const network = await up({ folder, choices: { organizations, ca: true }, onProgress, signal });
    await deploy({ folder, chaincode: marketChaincode(), onProgress, signal });
    const closing = new AbortController();
    const watching = watch({
      folder,
      onRestart,
      signal: AbortSignal.any([signal, closing.signal]),
    }).catch((cause: unknown) =>
      onGiveUp(localError('VT9603', 'The network could not be started again.', { cause })),
    );
    const gateway = `localhost:${network.organizations[0]?.peer.ports.listen ?? ''}`;
    return {
      facts: { kind: 'fabric', version: network.version, organizations, gateway },
      stop: async () => {
        closing.abort();
        await watching;
        await down(folder);
      },
    };
  } catch (error) {
    await down(folder).catch(() => undefined);
    throw error;
  }
}
