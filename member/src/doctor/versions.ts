import { createRequire } from 'node:module';
import { z } from 'zod';

const require = createRequire(import.meta.url);
const described = z.object({ version: z.string() });
const versionOf = (name: string): string => described.parse(require(`${name}/package.json`)).version;

const leastNode = [22, 12] as const;

/** Node is new enough, and the packages of the project are of one version. */
export function checkVersions(): string | { found: string; fix: string } {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const node = `Node ${process.versions.node}`;
  if (major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1])) {
    return { found: node, fix: `Use Node ${leastNode.join('.')} or later.` };
  }
  const own = described.parse(require('../../../package.json')).version;
  const others = ['@veritrain/client-sdk', '@veritrain/training'].filter((name) => versionOf(name) !== own);
  if (others.length === 0) return `Veritrain ${own}, ${node}`;
  return {
    found: `Veritrain ${own} beside another ${others.join(', ')}`,
    fix: 'Install all packages of one version.',
  };
}
