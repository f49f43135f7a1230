"""discord.py against a simulator: prints each dispatch, each READY and each RESUMED it acted upon, and each error."""
import os
import sys
import traceback

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["DISCORD_API_URL"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["GATEWAY_URL"])

client = discord.Client(intents=discord.Intents.all())


def say(line):
    print(line, flush=True)


@client.event
async def on_socket_event_type(event):
    say("event " + event)


@client.event
async def on_connect():
    say("connected")


@client.event
async def on_resumed():
    say("resumed")


@client.event
async def on_error(event, *_):
    say("error " + event + " " + repr(sys.exc_info()[1]))


def guarded(name, parse):
    def parsed(data):
        try:
            parse(data)
        except Exception as error:
            say(f"error {name} {error!r} {traceback.format_exc(limit=-1)!r}")

    return parsed


parsers = client._connection.parsers
for name, parse in list(parsers.items()):
    parsers[name] = guarded(name, parse)

client.run(os.environ["BOT_TOKEN"], log_handler=None)
