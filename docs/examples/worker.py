"""A worker: prints each event once, in order, and asks for a reconnect when told to.

pip install pika; RABBIT_URI=amqp://guest:guest@127.0.0.1:5672/%2f python3 worker.py
"""

import json
import os

import pika

connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBIT_URI"]))
channel = connection.channel()
channel.basic_qos(prefetch_count=100)
last = {}  # (shard, session) -> seq: after a crash an event may come again


def on_event(channel, method, properties, body):
    origin = (properties.headers["shard"], properties.headers["session"])
    if properties.headers["seq"] > last.get(origin, 0):
        last[origin] = properties.headers["seq"]
        event = json.loads(body)
        print(event["t"], properties.message_id, flush=True)
        if event["t"] == "MESSAGE_CREATE" and event["d"].get("content") == "!reconnect":
            command = json.dumps({"op": 1, "shard": origin[0]})
            channel.basic_publish("", "gateway.send", command)
    channel.basic_ack(method.delivery_tag)


channel.basic_consume("gateway.recv", on_event)
channel.start_consuming()
