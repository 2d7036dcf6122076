'use strict';

const { Contract } = require('fabric-contract-api');

/** Assets with an owner, who alone may hand them on. Who calls is known by its certificate. */
class AssetTransfer extends Contract {
  constructor() {
    super('AssetTransfer');
  }

  async Create(context, id, colour) {
    if (await exists(context, id)) throw new Error(`asset ${id} exists`);
    return put(context, { id, colour, owner: context.clientIdentity.getID() });
  }

  async Transfer(context, id, newOwner) {
    const asset = await read(context, id);
    if (asset.owner !== context.clientIdentity.getID()) throw new Error(`asset ${id} is not yours`);
    context.stub.setEvent('Transferred', Buffer.from(JSON.stringify({ id, to: newOwner })));
    return put(context, { ...asset, owner: newOwner });
  }

  async Read(context, id) {
    return JSON.stringify(await read(context, id));
  }

  async List(context) {
    const assets = [];
    for await (const { value } of context.stub.getStateByRange('', ''))
      assets.push(JSON.parse(Buffer.from(value).toString()));
    return JSON.stringify(assets);
  }
}

const exists = async (context, id) => (await context.stub.getState(id)).length > 0;

async function read(context, id) {
  const bytes = await context.stub.getState(id);
  if (bytes.length === 0) throw new Error(`there is no asset ${id}`);
  return JSON.parse(Buffer.from(bytes).toString());
}

async function put(context, asset) {
  // Keys in one order: every organisation must write the same bytes.
  const bytes = JSON.stringify(asset, ['colour', 'id', 'owner']);
  await context.stub.putState(asset.id, Buffer.from(bytes));
  return bytes;
}

module.exports.contracts = [AssetTransfer];
