// DynamoDB (dynalite) and SQS (fauxqs) in one process, on loopback only.
//
// Arguments, JSON: {"state": folder or "", "dynamodb": port, "sqs": port}; port 0 takes a free one.
// Prints one JSON line with the real addresses, then serves until SIGTERM, or until its stdin ends:
// the parent holds the other end of that pipe, so this process cannot outlive it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';

const options = JSON.parse(process.argv[2]);

const folder = (name) => {
  if (!options.state) return undefined;
  const path = join(options.state, name);
  mkdirSync(path, { recursive: true });
  return path;
};

const queues = async (path) => {
  if (!path) return undefined;
  const part = (file) => import(new URL(`./node_modules/fauxqs/dist/${file}.js`, import.meta.url));
  const [{ SqsStore }, { SnsStore }, { PersistenceManager }] = await Promise.all(
    ['sqs/sqsStore', 'sns/snsStore', 'persistence'].map(part),
  );
  const disk = new PersistenceManager(path);
  disk.db.exec('PRAGMA synchronous = OFF'); // survives a killed process; a power cut is no concern here
  // fauxqs 2.4.1 writes NULL where none may be when a message is made visible at once, and so loses the message.
  const ready = disk.db.prepare('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?');
  disk.updateMessageReady = (id) => ready.run(id);
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore() };
  disk.loadSqsAndSns(stores.sqsStore, stores.snsStore);
  stores.sqsStore.persistence = disk;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = disk;
  return stores;
};

const dynamodb = dynalite({ path: folder('dynamodb'), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
await new Promise((resolve, reject) => {
  dynamodb.once('error', reject);
  dynamodb.listen(options.dynamodb, '127.0.0.1', resolve);
});
// startFauxqs() would keep queues on disk too, but binds every address: so its parts are put together here.
const sqs = buildApp({ logger: false, host: '127.0.0.1', stores: await queues(folder('sqs')) });
const sqsAddress = await sqs.listen({ port: options.sqs, host: '127.0.0.1' });

// dynalite throws out of an event when a client breaks off its request. That is the client's matter.
process.on('uncaughtException', (error) => {
  if (error.message === 'aborted' && error.code === 'ECONNRESET') return;
  console.error(error);
  process.exit(1);
});

let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(0), 2000);
  dynamodb.closeAllConnections();
  await Promise.all([sqs.close(), new Promise((resolve) => dynamodb.close(resolve))]);
  process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
process.stdin.on('end', stop).resume();

console.log(JSON.stringify({ dynamodb: `http://127.0.0.1:${dynamodb.address().port}`, sqs: sqsAddress }));
