import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy.js';

const proxy = { http_proxy: 'http://proxy.corp:3128' };

describe('the proxy on the way to a gateway', () => {
  it.each([
    ['peer.example.com:7051', {}],
    ['127.0.0.1:7051', proxy],
    ['127.1.2.3:7051', proxy],
    ['localhost:7051', proxy],
    ['peer0.LOCALHOST:7051', proxy],
    ['[::1]:7051', proxy],
    ['[::ffff:127.0.0.1]:7051', proxy],
    ['10.20.30.40:7051', proxy],
    ['172.31.0.1:7051', proxy],
    ['192.168.1.1:7051', proxy],
    ['[fd00::1]:7051', proxy],
    ['peer.example.com:7051', { http_proxy: '' }],
    ['peer.example.com:7051', { https_proxy: 'socks5://proxy.corp:1080' }],
    ['peer.example.com:7051', { http_proxy: 'http://' }],
  ])('is none for %s with %o', (address, environment) => {
    expect(proxyFor(address, environment)).toBeUndefined();
  });

  it.each([
    ['peer.example.com', '*'],
    ['peer.example.com', 'other.org, *'],
    ['peer.example.com', 'peer.example.com'],
    ['peer.example.com', 'example.com'],
    ['peer.example.com', '.example.com'],
    ['peer.example.com', 'localhost  example.com'],
    ['Peer.Example.com', 'localhost,EXAMPLE.COM,'],
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7', 'localhost, 203.0.113.0/24'],
    ['[2001:db8::7]', '2001:db8::/32'],
    ['[2001:db8::7]', '[2001:db8::7]'],
  ])('is none for %s, which is excepted by "%s"', (host, list) => {
    for (const name of ['no_grpc_proxy', 'no_proxy', 'NO_PROXY'])
      expect(proxyFor(`${host}:7051`, { ...proxy, [name]: list })).toBeUndefined();
  });

  it.each([
    ['peer.example.com', ''],
    ['peer.example.com', 'localhost,'],
    ['notexample.com', 'example.com'],
    ['example.com', 'peer.example.com'],
    ['203.0.113.7', '203.0.114.0/24, 203.0.113.0/40, 203.0.113.0/x'],
    ['203.0.113.7', '113.7'],
  ])('stays for %s, which is not excepted by "%s"', (host, list) => {
    expect(proxyFor(`${host}:7051`, { ...proxy, no_proxy: list })).toMatchObject({ host: 'proxy.corp' });
  });

  it('is the one of the first variable that is set, with its credentials apart', () => {
    const [grpc_proxy, https_proxy] = ['http://user:p%40ss@first.corp:8080/', 'second.corp:3128'];
    expect(proxyFor('peer.example.com:7051', { ...proxy, https_proxy, grpc_proxy })).toEqual({
      variable: 'grpc_proxy',
      address: 'http://first.corp:8080',
      host: 'first.corp',
      port: 8080,
      credentials: 'user:p@ss',
    });
    expect(proxyFor('peer.example.com:7051', { ...proxy, https_proxy, grpc_proxy: ' ' })).toMatchObject({
      variable: 'https_proxy',
      address: 'http://second.corp:3128',
      credentials: undefined,
    });
  });
});
