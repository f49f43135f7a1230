"""A worker: prints each event once and in order, reports lost events, and reconnects its shard on request.

pip install pika; RABBIT_URI=amqp://guest:guest@127.0.0.1:5672/%2f python3 worker.py
"""

import json
import os

import pika

connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBIT_URI"]))
channel = connection.channel()
channel.basic_qos(prefetch_count=100)
recent = {}  # an event may be repeated with the same id; several workers would keep this in Redis


def is_new(message_id):
    if message_id in recent:
        return False
    recent[message_id] = True
    if len(recent) > 10_000:
        del recent[next(iter(recent))]
    return True


def on_event(channel, method, properties, body):
    if is_new(properties.message_id):
        shard = properties.headers["shard"]
        event = json.loads(body)
        print(event["t"], properties.message_id, flush=True)
        if event["t"] == "DISPATCH_GAP":
            print("shard", shard, "lost events: read its state again", flush=True)
        elif event["t"] == "MESSAGE_CREATE" and event["d"].get("content") == "!reconnect":
            channel.basic_publish("", "gateway.send", json.dumps({"op": 1, "shard": shard}))
    channel.basic_ack(method.delivery_tag)


channel.basic_consume("gateway.recv", on_event)
channel.start_consuming()
