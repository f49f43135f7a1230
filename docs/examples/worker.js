// A worker: prints each event once and in order, reports lost events, and reconnects its shard on request.
// npm install amqplib; RABBIT_URI=amqp://guest:guest@127.0.0.1:5672/%2f node worker.js
const amqp = require('amqplib');

const recent = new Set(); // an event may be repeated with the same id; several workers would keep this in Redis

function isNew(messageId) {
  if (recent.has(messageId)) return false;
  recent.add(messageId);
  if (recent.size > 10000) recent.delete(recent.values().next().value);
  return true;
}

async function main() {
  const connection = await amqp.connect(process.env.RABBIT_URI);
  const channel = await connection.createChannel();
  await channel.prefetch(100);
  await channel.consume('gateway.recv', (message) => {
    if (message === null) return; // the queue was deleted
    if (isNew(message.properties.messageId)) {
      const { shard } = message.properties.headers;
      const event = JSON.parse(message.content.toString());
      console.log(event.t, message.properties.messageId);
      if (event.t === 'DISPATCH_GAP') {
        console.log('shard', shard, 'lost events: read its state again');
      } else if (event.t === 'MESSAGE_CREATE' && event.d.content === '!reconnect') {
        channel.sendToQueue('gateway.send', Buffer.from(JSON.stringify({ op: 1, shard })));
      }
    }
    channel.ack(message);
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
