// Requests /status every two seconds while the page is visible, and shows a failed request.
import { showStatus, showFailure } from './view.js';

const INTERVAL_MS = 2000;
const TIMEOUT_MS = 5000;
/** The URL without user name and password, because fetch rejects a URL with credentials. */
const STATUS = new URL('status', location.origin + location.pathname);
let lastAnswer = 0;

async function refresh() {
  try {
    const response = await fetch(STATUS, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the service answered ${response.status}`);
    showStatus(await response.json());
    lastAnswer = Date.now();
  } catch (error) {
    showFailure(error, lastAnswer);
  }
}

async function run() {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise(done => {
      const timer = setTimeout(done, INTERVAL_MS);
      if (document.hidden) {
        clearTimeout(timer);
        document.addEventListener('visibilitychange', done, { once: true });
      }
    });
  }
}

run();
