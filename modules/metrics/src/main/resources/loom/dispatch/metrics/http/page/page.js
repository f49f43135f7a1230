// Asks /status every two seconds while the page is seen, and says so when there is no answer.
import { showAll, showSilence } from './view.js';

const EVERY_MS = 2000;
const PATIENCE_MS = 5000;
/** Without the name and password that the page's own address may hold: fetch refuses those. */
const STATUS = new URL('status', location.origin + location.pathname);
let lastAnswer = 0;

async function refresh() {
  try {
    const response = await fetch(STATUS, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) throw new Error(`the service answered ${response.status}`);
    showAll(await response.json());
    lastAnswer = Date.now();
  } catch (error) {
    showSilence(error, lastAnswer);
  }
}

async function run() {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise(done => {
      const timer = setTimeout(done, EVERY_MS);
      if (document.hidden) {
        clearTimeout(timer);
        document.addEventListener('visibilitychange', done, { once: true });
      }
    });
  }
}

run();
