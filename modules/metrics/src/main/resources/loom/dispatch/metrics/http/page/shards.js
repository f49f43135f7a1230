// Shows the grid of shards. The grid is a listbox, so that keyboards and screen readers work.
import { age, brief, bytes, count, plural } from './text.js';
import { problem } from './verdict.js';

const STATES = ['Connected', 'Resuming', 'Identifying', 'Handshaking', 'Disconnected'];
/** A letter for each state, for readers who cannot distinguish the colours. */
const LETTER = { Connected: '', Resuming: 'R', Identifying: 'I', Handshaking: 'H', Disconnected: '×' };
const MAX_ROWS = 20;

const grid = document.getElementById('grid');
const detail = document.getElementById('detail');
let shards = [];
let chosen = -1;

const put = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function showShards(now, total) {
  shards = now;
  while (grid.children.length > shards.length) grid.lastChild.remove();
  while (grid.children.length < shards.length) {
    grid.append(make('div', '', { class: 'shard', role: 'option', 'aria-selected': 'false', id: `cell-${grid.children.length}` }));
  }
  grid.dataset.density = shards.length <= 64 ? 'low' : shards.length <= 256 ? 'mid' : 'high';
  shards.forEach((shard, at) => paint(grid.children[at], shard));
  legend();
  document.getElementById('range').textContent = range(total);
  if (chosen >= shards.length) chosen = -1;
  showDetail();
  showAttention();
}

function paint(cell, shard) {
  const why = problem(shard);
  const text = grid.dataset.density === 'high' ? LETTER[shard.state] : `${LETTER[shard.state]}${shard.id}`;
  const more = grid.dataset.density === 'low' ? `${shard.latency_ms} ms · ${brief(shard.event_age_ms)}` : '';
  if (cell.textContent !== text + more) {
    cell.textContent = text;
    if (more) cell.append(make('small', more));
  }
  put(cell, 'data-state', shard.state);
  put(cell, 'aria-label', `Shard ${shard.id}, ${shard.state}${why ? ', ' + why : ''}`);
  put(cell, 'title', `Shard ${shard.id}: ${shard.state}, ${shard.latency_ms} ms, last event ${age(shard.event_age_ms)}`);
  cell.toggleAttribute('data-warn', why !== '' && shard.state === 'Connected');
}

/** The range of shard ids; empty if this process runs all shards. */
function range(total) {
  if (shards.length === 0) return ': none yet';
  return shards.length < total ? ` ${shards[0].id} to ${shards.at(-1).id} of ${count(total)}` : '';
}

function legend() {
  const items = STATES.map(state => [state, shards.filter(shard => shard.state === state).length])
    .filter(([state, number]) => number > 0 || state === 'Connected')
    .map(([state, number]) => {
      const item = make('li', '', { 'data-state': state });
      item.append(make('i', '', { 'aria-hidden': 'true' }), make('b', count(number)), ` ${state}`);
      return item;
    });
  document.getElementById('legend').replaceChildren(...items);
}

function showDetail() {
  detail.hidden = chosen < 0;
  if (chosen < 0) return;
  const shard = shards[chosen];
  const facts = [
    ['Shard', `${shard.id}, ${shard.state}`],
    ['Heartbeat', `${shard.latency_ms} ms, ${age(shard.ack_age_ms)}`],
    ['Last event', age(shard.event_age_ms)],
    ['Received', count(shard.received)],
    ['Settled', count(shard.settled)],
    ['Unsettled', `${count(shard.unsettled_events)} · ${bytes(shard.unsettled_bytes)}`],
    ['Session', shard.resumable ? 'can be resumed' : 'none'],
  ];
  detail.replaceChildren(...facts.map(([name, value]) => {
    const pair = make('div', '');
    pair.append(make('dt', name), make('dd', value));
    return pair;
  }));
}

function showAttention() {
  const unhealthy = shards.filter(shard => problem(shard) !== '');
  document.getElementById('attention').hidden = unhealthy.length === 0;
  document.getElementById('which').hidden = unhealthy.length === 0;
  document.getElementById('attention-rows').replaceChildren(...unhealthy.slice(0, MAX_ROWS).map(shard => {
    const row = make('tr', '');
    const state = make('td', '', { 'data-state': shard.state });
    state.append(make('span', '', { class: 'dot', 'aria-hidden': 'true' }), shard.state);
    row.append(make('th', String(shard.id), { scope: 'row' }), state, make('td', problem(shard)), make('td', age(shard.event_age_ms)), make('td', count(shard.unsettled_events)));
    return row;
  }));
  document.getElementById('attention-more').textContent = unhealthy.length > MAX_ROWS ? `and ${plural(unhealthy.length - MAX_ROWS, 'more shard')}` : '';
}

function choose(at) {
  if (at < 0 || at >= shards.length) return;
  if (chosen >= 0) put(grid.children[chosen], 'aria-selected', 'false');
  chosen = at;
  put(grid.children[at], 'aria-selected', 'true');
  put(grid, 'aria-activedescendant', `cell-${at}`);
  grid.children[at].scrollIntoView({ block: 'nearest' });
  showDetail();
}

const columns = () => getComputedStyle(grid).gridTemplateColumns.split(' ').length;

grid.addEventListener('click', event => {
  const cell = event.target.closest('.shard');
  if (cell) choose([...grid.children].indexOf(cell));
});
grid.addEventListener('keydown', event => {
  const from = Math.max(chosen, 0);
  const to = { ArrowRight: chosen + 1, ArrowLeft: from - 1, ArrowDown: chosen < 0 ? 0 : from + columns(), ArrowUp: from - columns(), Home: 0, End: shards.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  choose(to);
});
