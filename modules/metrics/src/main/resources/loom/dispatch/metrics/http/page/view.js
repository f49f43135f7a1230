// Shows the status: headline, tiles and chart. shards.js shows the shards.
import { amount, bytes, count, plural, rate, span } from './text.js';
import { showShards } from './shards.js';
import { verdict } from './verdict.js';

const byId = id => document.getElementById(id);
/** The rate tile averages the last five samples (10 s), which smooths it and still shows a stop soon. */
const RECENT = 5;

function setText(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

function tile(name, value, unit, more, tone = '') {
  const cell = byId(`tile-${name}`);
  const small = document.createElement('small');
  small.textContent = unit ? ` ${unit}` : '';
  cell.replaceChildren(value, small);
  setText(`more-${name}`, more);
  cell.parentElement.dataset.tone = tone;
}

export function showStatus(status) {
  document.body.removeAttribute('data-stale');
  setText('version', status.version);
  setText('uptime', `up ${span(status.uptime_s)}`);
  setText('updated', `as of ${new Date().toLocaleTimeString()}`);
  headline(...verdict(status), status.shards);
  tiles(status);
  chart(status.rates);
  showShards(status.shards, status.total_shards);
}

export function showFailure(error, lastAnswer) {
  document.body.setAttribute('data-stale', '');
  const since = lastAnswer ? `Last answer ${new Date(lastAnswer).toLocaleTimeString()}; the page shows that answer.` : String(error.message);
  headline('bad', 'No answer from the service', since, []);
}

function headline(tone, text, why, shards) {
  document.body.dataset.verdict = tone;
  setText('headline', text);
  setText('reason', why);
  const connected = shards.filter(shard => shard.state === 'Connected').length;
  document.title = shards.length ? `${connected}/${shards.length} · ${text}` : text;
  const colour = { well: '1f7f50', look: 'd08700', wait: '2f6fd6', bad: 'cf3232' }[tone];
  const icon = `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="%23${colour}"/></svg>`;
  if (byId('icon').getAttribute('href') !== icon) byId('icon').setAttribute('href', icon);
}

const mean = values => values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;

function tiles({ rates, shards, broker, spool, cache, identifies, sessions }) {
  tile('events', rate(mean(rates.received.slice(-RECENT))), '/s', `${rate(mean(rates.confirmed.slice(-RECENT)))} confirmed`);
  const waiting = shards.reduce((sum, shard) => sum + shard.unsettled_events, 0);
  const weight = shards.reduce((sum, shard) => sum + shard.unsettled_bytes, 0);
  tile('unsettled', amount(waiting), '', `${waiting === 1 ? 'event' : 'events'}, ${bytes(weight)}`, shards.some(shard => shard.withholding) ? 'look' : '');
  const latencies = shards.map(shard => shard.latency_ms).filter(value => value > 0).sort((a, b) => a - b);
  const worst = latencies.at(-1) ?? 0;
  tile('latency', latencies.length ? count(latencies[latencies.length >> 1]) : '–', 'ms', latencies.length ? `worst ${count(worst)} ms` : 'no acknowledgement yet');
  if (broker) {
    const blocked = broker.blocked ? `${broker.blocked} blocked by an alarm` : `${count(broker.in_flight_messages)} in flight`;
    tile('broker', `${broker.up}/${broker.connections}`, 'up', blocked, broker.up < broker.connections ? 'bad' : broker.blocked ? 'look' : '');
  } else tile('broker', '–', '', 'not connected yet');
  byId('spool').hidden = !spool;
  if (spool) {
    const why = spool.failing ? `full or failing for ${plural(spool.failing, 'shard')}` : spool.spooling ? `${plural(spool.spooling, 'shard')} spooling` : 'nothing on disk';
    const [size, unit] = spool.bytes ? bytes(spool.bytes).split(' ') : ['Empty', ''];
    tile('spool', size, unit, spool.bytes ? `of ${bytes(spool.capacity_bytes)}, ${why}` : why, spool.failing ? 'bad' : spool.spooling ? 'look' : '');
  }
  if (cache) {
    const took = cache.round_trip_ms === null ? '' : `${cache.round_trip_ms} ms round trip`;
    const stale = cache.stale_shards.length;
    if (stale) tile('cache', 'Stale', '', `${stale} ${stale === 1 ? 'shard' : 'shards'} since the Redis outage`, 'bad');
    else tile('cache', cache.up ? 'Up' : 'Down', '', took || (cache.up ? 'answers' : 'reconnecting'), cache.up ? '' : 'bad');
  } else tile('cache', '–', '', 'not connected yet');
  if (identifies) {
    const low = identifies.waiting || identifies.remaining < identifies.total / 10;
    tile('budget', count(identifies.remaining), '', identifies.waiting ?? `of ${count(identifies.total)}, reset in ${span(identifies.reset_after_s)}`, low ? 'look' : '');
  } else tile('budget', '–', '', 'not known yet');
  tile('gaps', count(sessions.gaps), '', `${count(sessions.resumed)} resumed, ${count(sessions.identified)} new${sessions.silences ? `, ${count(sessions.silences)} silent` : ''}`, sessions.gaps ? 'look' : '');
}

function path(values, top) {
  const step = 600 / Math.max(1, values.length - 1);
  return values.map((value, at) => `${at ? 'L' : 'M'}${(at * step).toFixed(1)} ${(98 - 92 * value / top).toFixed(1)}`).join('');
}

function chart({ step_ms, received, confirmed }) {
  if (received.length < 2) return;
  const highest = Math.max(...received, ...confirmed);
  const top = Math.max(1, highest);
  const line = path(received, top);
  byId('line').setAttribute('d', line);
  byId('area').setAttribute('d', `${line}L600 100L0 100Z`);
  byId('confirmed').setAttribute('d', path(confirmed, top));
  setText('chart-top', `${rate(highest)} /s`);
  setText('chart-from', `${span(received.length * step_ms / 1000)} ago`);
  byId('chart').setAttribute('aria-label', `Events per second: ${rate(received.at(-1))} received now, maximum ${rate(highest)}`);
}
