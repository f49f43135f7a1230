// Chooses the headline: the most important problem, or that the service is healthy.
import { count, plural } from './text.js';

/** Discord's heartbeat interval is about 41 s, so that two acknowledgements are missing. */
const LATE_ACK_MS = 100000;

/** The shard's problem; empty if it has none. */
export function problem(shard) {
  if (shard.state === 'Resuming') return 'receives the events it missed';
  if (shard.state === 'Identifying') return 'starts a new session';
  if (shard.state !== 'Connected') return shard.resumable ? 'will resume its session' : 'will start a new session';
  if (shard.withholding) return 'reads no events because its backlog is full';
  if (shard.ack_age_ms !== null && shard.ack_age_ms > LATE_ACK_MS) return 'Discord does not acknowledge heartbeats';
  return '';
}

export function verdict(status) {
  const failing = status.checks.filter(check => !check.ok);
  const disconnected = status.shards.filter(shard => shard.state !== 'Connected').length;
  const withholding = status.shards.filter(shard => shard.withholding).length;
  const why = failing.map(check => check.detail ? `${check.name}: ${check.detail}` : check.name).join(' · ');
  if (status.phase === 'draining') return ['wait', 'Draining', 'The service settles the received events and then ends.'];
  if (status.phase === 'starting') return ['wait', 'Starting', why];
  if (failing.some(check => check.name !== 'shards')) return ['bad', `Not ready: ${failing.map(check => check.name).join(', ')}`, why];
  if (disconnected > 0) {
    const tone = disconnected === status.shards.length ? 'bad' : 'look';
    return [tone, `${count(disconnected)} of ${plural(status.shards.length, 'shard')} not connected`, status.identifies?.waiting || why || 'The shards reconnect automatically.'];
  }
  if (failing.length > 0) return ['bad', `Not ready: ${failing.map(check => check.name).join(', ')}`, why];
  if (withholding > 0) return ['look', `${plural(withholding, 'shard')} paused`, 'Events arrive faster than RabbitMQ confirms them. No event is lost.'];
  if (status.spool?.spooling) return ['look', 'Events wait on disk', `RabbitMQ does not accept the events of ${plural(status.spool.spooling, 'shard')} yet. No event is lost.`];
  if (status.shards.some(problem)) return ['look', 'Heartbeat acknowledgements are late', 'See the shards below.'];
  return ['well', 'All is well', `${plural(status.shards.length, 'shard')} connected, RabbitMQ and Redis answer.`];
}
