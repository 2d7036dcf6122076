import type { Vault } from '@veritrain/client-sdk/vault';
import type { Member } from '@veritrain/member/profile';

/** Bytes into and out of the vault. */
export class TrafficCounter {
  bytes = 0;
}

/** The same member, with its vault traffic counted. */
export function countTraffic(member: Member, counter: TrafficCounter): Member {
  const { market } = member;
  const vault = countedVault(market.vault, counter);
  return {
    home: member.home,
    market: Object.assign(Object.create(market) as typeof market, { vault }),
    close: () => member.close(),
  };
}

function countedVault(vault: Vault, counter: TrafficCounter): Vault {
  return {
    put: async (content, options) => {
      const stored = await vault.put(content, options);
      counter.bytes += stored.sizeBytes;
      return stored;
    },
    get: async (handle, options) => {
      const content = await vault.get(handle, options);
      counter.bytes += content.length;
      return content;
    },
    async *stream(handle, options) {
      for await (const part of vault.stream(handle, options)) {
        counter.bytes += part.length;
        yield part;
      }
    },
    has: (handle, options) => vault.has(handle, options),
    delete: (handle, options) => vault.delete(handle, options),
  };
}
