/* global exports, require */
'use strict';

const { Contract } = require('fabric-contract-api');

const text = (bytes) => Buffer.from(bytes).toString();

/** One transaction for each behaviour of the ledger below. Values are text, answers JSON. */
class ProbeContract extends Contract {
  constructor() {
    super('probe');
    this.calls = 0;
  }

  async put(context, key, value) {
    await context.stub.putState(key, Buffer.from(value));
  }

  async get(context, key) {
    return text(await context.stub.getState(key));
  }

  async remove(context, key) {
    await context.stub.deleteState(key);
  }

  /** Writes, then reads the same key: tells what it saw. */
  async putThenGet(context, key, value) {
    await context.stub.putState(key, Buffer.from(value));
    return text(await context.stub.getState(key));
  }

  async increment(context, key) {
    const before = Number(text(await context.stub.getState(key)) || '0');
    await context.stub.putState(key, Buffer.from(String(before + 1)));
    return before + 1;
  }

  /** Reads a key and writes another. */
  async copy(context, from, to) {
    const value = await context.stub.getState(from);
    await context.stub.putState(to, Buffer.from(`${text(value)}.`));
  }

  async putMany(context, prefix, count) {
    for (let index = 0; index < Number(count); index++) {
      await context.stub.putState(`${prefix}${String(index).padStart(4, '0')}`, Buffer.from(String(index)));
    }
  }

  /** @param attributes JSON array of text */
  async putRow(context, objectType, attributes) {
    const key = context.stub.createCompositeKey(objectType, JSON.parse(attributes));
    await context.stub.putState(key, Buffer.from('1'));
  }

  async rows(context, objectType, attributes) {
    const found = [];
    for await (const { key } of context.stub.getStateByPartialCompositeKey(
      objectType,
      JSON.parse(attributes),
    )) {
      found.push(context.stub.splitCompositeKey(key).attributes);
    }
    return found;
  }

  async range(context, start, end) {
    const keys = [];
    for await (const { key } of context.stub.getStateByRange(start, end)) keys.push(key);
    return keys;
  }

  /** Reads a range and writes how many keys it has. */
  async countInto(context, start, end, target) {
    const keys = await this.range(context, start, end);
    await context.stub.putState(target, Buffer.from(String(keys.length)));
    return keys.length;
  }

  /** Reads only the first keys of a range, leaves the iterator open or closes it, and writes. */
  async firstInto(context, start, end, count, target, close) {
    const iterator = await context.stub.getStateByRange(start, end);
    const keys = [];
    for (let index = 0; index < Number(count); index++) keys.push((await iterator.next()).value.key);
    if (close === 'true') await iterator.close();
    await context.stub.putState(target, Buffer.from(keys.join()));
    return keys;
  }

  async page(context, start, end, size, bookmark) {
    const result = context.stub.getStateByRangeWithPagination(start, end, Number(size), bookmark);
    const keys = [];
    for await (const { key } of result) keys.push(key);
    const { metadata } = await result;
    return { keys, bookmark: metadata.bookmark, count: metadata.fetchedRecordsCount };
  }

  async pageThenPut(context, start, end, target) {
    const page = await this.page(context, start, end, '2', '');
    await context.stub.putState(target, Buffer.from('after'));
    return page;
  }

  async putThenPage(context, start, end, target) {
    await context.stub.putState(target, Buffer.from('before'));
    return this.page(context, start, end, '2', '');
  }

  async history(context, key) {
    const past = [];
    for await (const { txId, isDelete, value } of context.stub.getHistoryForKey(key)) {
      past.push({ transactionId: txId, deleted: isDelete, value: text(value) });
    }
    return past;
  }

  async emit(context, key, name) {
    await context.stub.putState(key, Buffer.from('emitted'));
    context.stub.setEvent(name, Buffer.from(`payload of ${name}`));
  }

  async emitTwo(context, key, first, second) {
    await context.stub.putState(key, Buffer.from('emitted'));
    context.stub.setEvent(first, Buffer.from(`payload of ${first}`));
    context.stub.setEvent(second, Buffer.from(`payload of ${second}`));
  }

  /** Reads and writes a key and emits an event: of many at once, one is valid. */
  async incrementAndEmit(context, key, name) {
    await this.increment(context, key);
    context.stub.setEvent(name, Buffer.from(context.stub.getTxID()));
  }

  async fail(context, key, message) {
    await context.stub.putState(key, Buffer.from('never'));
    throw new Error(message);
  }

  async clock(context, key) {
    await context.stub.putState(key, Buffer.from(`${Date.now()} ${process.hrtime.bigint()}`));
  }

  async random(context, key) {
    await context.stub.putState(key, Buffer.from(String(Math.random())));
  }

  /** Keeps state on the contract object, which every peer has its own of. */
  async remember(context, key) {
    this.calls += process.pid;
    await context.stub.putState(key, Buffer.from(String(this.calls)));
  }

  async transient(context, name) {
    const value = context.stub.getTransient().get(name);
    return value === undefined ? '' : text(value);
  }

  async creator(context) {
    const { clientIdentity } = context;
    return {
      mspId: clientIdentity.getMSPID(),
      id: clientIdentity.getID(),
      role: clientIdentity.getAttributeValue('role') ?? '',
      transactionId: context.stub.getTxID(),
      channel: context.stub.getChannelID(),
      seconds: Number(context.stub.getTxTimestamp().seconds),
    };
  }

  async privatePut(context, collection, key) {
    await context.stub.putPrivateData(collection, key, Buffer.from('secret'));
  }

  async privateGet(context, collection, key) {
    return text(await context.stub.getPrivateData(collection, key));
  }

  async keyPolicy(context, key) {
    await context.stub.setStateValidationParameter(key, Buffer.from('policy'));
  }

  async richQuery(context, query) {
    const keys = [];
    for await (const { key } of context.stub.getQueryResult(query)) keys.push(key);
    return keys;
  }

  async callOther(context, chaincode) {
    const response = await context.stub.invokeChaincode(chaincode, ['get', 'x'], '');
    return { status: response.status, payload: text(response.payload) };
  }

  async big(context, key, bytes) {
    await context.stub.putState(key, Buffer.alloc(Number(bytes), 'x'));
  }

  async sleep(context, milliseconds) {
    await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
    return 'slept';
  }

  /** Never comes back, and lets nothing else run in this process. */
  async spin() {
    for (;;) Math.sqrt(2);
  }

  async die() {
    process.exit(7);
  }
}

exports.contracts = [ProbeContract];
