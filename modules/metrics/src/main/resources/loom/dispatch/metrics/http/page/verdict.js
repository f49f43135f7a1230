// What one look must tell: is all well, and if not, what is the matter first.
import { count, plural } from './text.js';

/** A heartbeat comes every 41 s; two without an answer are one too many. */
const LATE_ACK_MS = 100000;

/** Why this shard needs a look; empty if it does not. */
export function trouble(shard) {
  if (shard.state === 'Resuming') return 'replays what it missed';
  if (shard.state === 'Identifying') return 'begins a new session';
  if (shard.state !== 'Connected') return shard.resumable ? 'will resume its session' : 'will begin a new session';
  if (shard.withholding) return 'takes no events: its backlog is full';
  if (shard.ack_age_ms !== null && shard.ack_age_ms > LATE_ACK_MS) return 'heartbeats are not answered';
  return '';
}

export function verdict(status) {
  const failing = status.checks.filter(check => !check.ok);
  const away = status.shards.filter(shard => shard.state !== 'Connected').length;
  const held = status.shards.filter(shard => shard.withholding).length;
  const why = failing.map(check => check.detail ? `${check.name}: ${check.detail}` : check.name).join(' · ');
  if (status.phase === 'draining') return ['wait', 'Draining', 'Settling what was received, then ending.'];
  if (status.phase === 'starting') return ['wait', 'Starting', why];
  if (failing.some(check => check.name !== 'shards')) return ['bad', `Not ready: ${failing.map(check => check.name).join(', ')}`, why];
  if (away > 0) {
    const tone = away === status.shards.length ? 'bad' : 'look';
    return [tone, `${count(away)} of ${plural(status.shards.length, 'shard')} not connected`, status.identifies?.waiting || why || 'They reconnect by themselves.'];
  }
  if (failing.length > 0) return ['bad', `Not ready: ${failing.map(check => check.name).join(', ')}`, why];
  if (held > 0) return ['look', `${plural(held, 'shard')} held back`, 'Events arrive faster than they are confirmed. None is lost.'];
  if (status.spool?.spooling) return ['look', 'Events wait on disk', `RabbitMQ does not take the events of ${plural(status.spool.spooling, 'shard')} yet. None is lost.`];
  if (status.shards.some(trouble)) return ['look', 'Heartbeats are late', 'See the shards below.'];
  return ['well', 'All is well', `${plural(status.shards.length, 'shard')} connected, RabbitMQ and Redis answer.`];
}
