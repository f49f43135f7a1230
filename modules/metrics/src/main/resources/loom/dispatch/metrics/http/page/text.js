// Formats numbers, sizes and durations.
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = value => whole.format(value);

/** A count for a tile: exact below 100,000, abbreviated above. */
export const amount = value => value < 1e5 ? whole.format(value) : short.format(value);

/** A rate: one decimal below 10, abbreviated from 100,000. */
export const rate = value => value < 10 ? value.toFixed(value === 0 ? 0 : 1) : value < 1e5 ? whole.format(value) : short.format(value);

export function bytes(value) {
  const units = ['B', 'kB', 'MB', 'GB'];
  let at = 0;
  while (value >= 1000 && at < units.length - 1) { value /= 1000; at++; }
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

function twoUnits(seconds, large, largeUnit, small, smallUnit) {
  const rest = Math.floor(seconds % large / small);
  return `${Math.floor(seconds / large)} ${largeUnit}${rest ? ` ${rest} ${smallUnit}` : ''}`;
}

export function span(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return twoUnits(seconds, 3600, 'h', 60, 'min');
  return twoUnits(seconds, 86400, 'd', 3600, 'h');
}

export const age = millis => millis === null ? 'none yet' : millis < 1000 ? 'just now' : `${span(millis / 1000)} ago`;

/** An age that fits into a cell of the grid. */
export const brief = millis => millis === null ? '–' : millis < 1000 ? 'now' : span(millis / 1000);

export const plural = (value, word) => `${count(value)} ${word}${value === 1 ? '' : 's'}`;
