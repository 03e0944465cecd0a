// Plotly, the library of all charts: fetched once for a document, by the first chart or before it, while nobody is busy.

const PAUSES = [500, 2000, 8000]; // ms before each further try to fetch the library

function fetched(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => { script.remove(); reject(new Error(`${address} could not be loaded`)); };
    document.head.append(script);
  });
}

// Plotly, served beside the pages, once for all charts; a network that drops it once is asked again.
export function library(address) {
  globalThis.plotlyForCharts ??= PAUSES.reduce(
    (tried, pause) => tried.catch(() => new Promise((resume) => setTimeout(resume, pause)).then(() => fetched(address))),
    fetched(address),
  ).catch((error) => { globalThis.plotlyForCharts = undefined; throw error; });
  return globalThis.plotlyForCharts;
}

const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel"]; // that somebody is busy

// Fetches it once nobody has moved for `rest` ms: to run it keeps a browser busy for up to a second.
export function fetch_when_calm(address, rest = 2000) {
  if (globalThis.plotlyForCharts || globalThis.plotlyIsPlanned || globalThis.navigator?.connection?.saveData) return;
  globalThis.plotlyIsPlanned = true;
  let timer;
  const wait = () => { clearTimeout(timer); timer = setTimeout(begin, rest); };
  const begin = () => {
    for (const sign of SIGNS) removeEventListener(sign, wait, true);
    (globalThis.requestIdleCallback ?? setTimeout)(() => library(address).catch(() => {})); // a chart asks again
  };
  for (const sign of SIGNS) addEventListener(sign, wait, { capture: true, passive: true });
  wait();
}
