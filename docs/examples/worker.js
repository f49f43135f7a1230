// A worker: prints each event once, in order, and asks for a reconnect when told to.
// npm install amqplib; RABBIT_URI=amqp://guest:guest@127.0.0.1:5672/%2f node worker.js
const amqp = require('amqplib');

async function main() {
  const connection = await amqp.connect(process.env.RABBIT_URI);
  const channel = await connection.createChannel();
  await channel.prefetch(100);
  const last = new Map(); // shard and session -> seq: after a crash an event may come again
  await channel.consume('gateway.recv', (message) => {
    if (message === null) return; // the queue was deleted
    const { shard, session, seq } = message.properties.headers;
    const origin = `${shard}/${session}`;
    if (seq > (last.get(origin) ?? 0)) {
      last.set(origin, seq);
      const event = JSON.parse(message.content.toString());
      console.log(event.t, message.properties.messageId);
      if (event.t === 'MESSAGE_CREATE' && event.d.content === '!reconnect') {
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
