import { BlockList, isIP } from 'node:net';
import { splitAddress, unbracketed } from './address.js';

/** The HTTP proxy on the way to a gateway. */
export interface Proxy {
  /** The variable of the environment that names it. */
  readonly variable: string;
  /** Without the credentials that the variable may hold. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  /** `user:password`, as the proxy is told. */
  readonly credentials: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const proxyVariables = ['grpc_proxy', 'https_proxy', 'http_proxy'];
const exceptionVariables = ['no_grpc_proxy', 'no_proxy', 'NO_PROXY'];

const localAddresses = blockList(
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
);

/**
 * The proxy that gRPC's variables name for a gateway. There is none for this machine and for private addresses, none
 * for what the exceptions name (as curl reads them), and none where a variable names no HTTP proxy.
 *
 * @param address `host:port`
 */
export function proxyFor(address: string, environment: Environment = process.env): Proxy | undefined {
  const variable = proxyVariables.find((name) => isSet(environment[name]));
  if (variable === undefined) return undefined;
  const { host } = splitAddress(address);
  if (isLocal(host) || isException(host, environment)) return undefined;
  return readProxy(variable, environment[variable] ?? '');
}

const isSet = (value: string | undefined): boolean => value !== undefined && value.trim() !== '';

function isLocal(host: string): boolean {
  return /^(?:.+\.)?localhost\.?$/i.test(host) || includes(localAddresses, host);
}

function isException(host: string, environment: Environment): boolean {
  const list = exceptionVariables.map((name) => environment[name]).find(isSet) ?? '';
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || covers(entry, host));
}

/** An entry is an address, a range of addresses, or a name, which stands for all names below it, too. */
function covers(entry: string, host: string): boolean {
  const [address = '', bits] = unbracketed(entry).split('/');
  const family = isIP(address);
  if (family === 0) return isIP(host) === 0 && isWithin(plainName(host), plainName(entry));
  const longest = family === 6 ? 128 : 32;
  const prefix = bits === undefined ? longest : Number(bits);
  return Number.isInteger(prefix) && prefix <= longest && includes(blockList([address, prefix]), host);
}

const plainName = (name: string): string => name.toLowerCase().replace(/^\.|\.$/g, '');

const isWithin = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`);

function readProxy(variable: string, text: string): Proxy | undefined {
  const url = URL.parse(text.includes('://') ? text.trim() : `http://${text.trim()}`);
  if (url?.protocol !== 'http:') return undefined;
  const user = url.password === '' ? url.username : `${url.username}:${url.password}`;
  return {
    variable,
    address: url.origin,
    host: unbracketed(url.hostname),
    port: url.port === '' ? 80 : Number(url.port),
    credentials: user === '' ? undefined : decoded(user),
  };
}

/** Passwords that nobody encoded may hold a `%`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function blockList(...subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of subnets) list.addSubnet(address, bits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

function includes(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
