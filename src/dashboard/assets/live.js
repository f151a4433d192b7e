// @ts-check
/**
 * Keeps a page up to date: listens to what changes, and when it concerns this page asks for the page again and lets the
 * differences in. Without it every page is as true as when it was asked for.
 */

const main = /** @type {HTMLElement} */ (document.querySelector('main'));
const sign = /** @type {HTMLElement} */ (document.getElementById('live'));
const topics = new Set((main.dataset.topics ?? '').split(' ').filter(Boolean));

/** Between two times that the page is asked for again. Units: milliseconds. */
const pauseMs = 400;

let asking = /** @type {AbortController | undefined} */ (undefined);
let isStale = false;
let lastMs = 0;
let timer = 0;

/** @param {'on' | 'off' | 'gone'} state */
function show(state) {
  const texts = { on: 'live', off: 'reconnecting', gone: 'not live' };
  sign.hidden = false;
  sign.className = `live ${state}`;
  if (sign.textContent !== texts[state]) sign.textContent = texts[state];
}

function refreshSoon() {
  isStale = true;
  if (document.hidden || timer !== 0 || asking !== undefined) return;
  timer = window.setTimeout(refresh, Math.max(0, lastMs + pauseMs - performance.now()));
}

async function refresh() {
  timer = 0;
  isStale = false;
  const mine = new AbortController();
  asking = mine;
  const startMs = performance.now();
  try {
    const answer = await fetch(location.href, { signal: mine.signal, headers: { accept: 'text/html' } });
    // The session is over, or the address leads elsewhere now.
    if (answer.redirected) return void location.reload();
    const text = await answer.text();
    if (mine.signal.aborted) return;
    letIn(new DOMParser().parseFromString(text, 'text/html'));
  } catch (error) {
    if (!mine.signal.aborted && !(error instanceof TypeError)) throw error;
    // The server is away: the event stream says so, and comes back when it does.
  } finally {
    if (asking === mine) asking = undefined;
    // A page that takes long to make is asked for less often.
    lastMs = performance.now() + 2 * (performance.now() - startMs);
    if (isStale) refreshSoon();
  }
}

/** @param {Document} next */
function letIn(next) {
  const now = next.querySelector('main');
  if (now === null) return;
  if (document.title !== next.title) document.title = next.title;
  // What a person is typing, and what they have opened, is theirs.
  Idiomorph.morph(main, now, {
    morphStyle: 'outerHTML',
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (/** @type {Node} */ old) =>
        !(old instanceof HTMLFormElement && old.contains(document.activeElement)),
      beforeAttributeUpdated: (/** @type {string} */ name, /** @type {Node} */ node) =>
        !(name === 'open' && node instanceof HTMLDetailsElement),
    },
  });
}

/** @param {string} data */
function concernsThisPage(data) {
  const { apps, clusters, repositories, isCut } = JSON.parse(data);
  return (
    isCut ||
    (topics.has('cells') && apps.length > 0) ||
    (topics.has('clusters') && clusters.length > 0) ||
    (topics.has('repositories') && repositories.length > 0) ||
    apps.some((/** @type {string} */ app) => topics.has(`app:${app}`))
  );
}

function listen() {
  const events = new EventSource('/api/v1/events');
  events.addEventListener('open', () => show('on'));
  events.addEventListener('error', () => show(events.readyState === EventSource.CLOSED ? 'gone' : 'off'));
  let isFirst = true;
  events.addEventListener('reset', () => {
    // The first one comes with the page itself, which may be a moment old.
    isFirst = false;
    refreshSoon();
  });
  events.addEventListener('changed', (event) => {
    if (isFirst || concernsThisPage(event.data)) refreshSoon();
    isFirst = false;
  });
}

/** Asks as somebody types, and keeps what was asked for in the address. */
function enliven() {
  const form = document.querySelector('form[data-live-form]');
  if (!(form instanceof HTMLFormElement)) return;
  const ask = () => {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form))
      if (typeof value === 'string' && value !== '') asked.set(name, value);
    const url = asked.size === 0 ? location.pathname : `${location.pathname}?${asked}`;
    history.replaceState(null, '', url);
    asking?.abort();
    window.clearTimeout(timer);
    timer = window.setTimeout(refresh, 150);
  };
  form.addEventListener('input', ask);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
  });
}

if (topics.size > 0) listen();
enliven();
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && isStale) refreshSoon();
});
