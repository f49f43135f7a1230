// discord.js against a simulator: prints each dispatch, each READY and each RESUMED it acted upon, and each error.
const { Client, GatewayIntentBits } = require('discord.js');

const intents = Object.values(GatewayIntentBits).filter((bit) => typeof bit === 'number');
const api = process.env.DISCORD_API_URL.replace(/\/v10$/, '');
const client = new Client({ intents, rest: { api } });

client.on('raw', (packet) => console.log(`event ${packet.t}`));
client.on('shardReady', () => console.log('connected'));
client.on('shardResume', () => console.log('resumed'));
client.on('error', (error) => console.log(`error ${error.stack.replaceAll('\n', ' ')}`));
client.on('shardError', (error) => console.log(`error ${error.message}`));
process.on('uncaughtException', (error) => console.log(`error ${error.stack.replaceAll('\n', ' ')}`));
process.on('unhandledRejection', (error) => console.log(`error ${error}`));

client.login(process.env.BOT_TOKEN);
