/**
 * The browser's lanes. Streamlit calls the default export at every change of `data`; each panel
 * then brings the latest digit through TensorFlow.js, paints both answers at once and reports them
 * to Python. A digit that arrives meanwhile replaces the one before: no old answer is ever shown.
 *
 * @typedef {import('../models/tfjs/src/main.js')} Engine
 * @typedef {'cpu' | 'wasm' | 'webgl' | 'webgpu'} Backend
 * @typedef {'graph' | 'layers'} Format
 *
 * @typedef {object} Data
 * @property {string | null} bundle  path of the bundle's entry below served/, null when not built
 * @property {{name: string, version: string, paths: Record<Format, string>, scale: number,
 *   classes: string[]}} model
 * @property {'auto' | Backend} backend
 * @property {{id: string, pixels: string} | null} digit  784 float32, little-endian, base64
 *
 * @typedef {object} Answer
 * @property {Format} format
 * @property {number[] | null} probabilities
 * @property {number | null} loadMs
 * @property {number | null} firstMs
 * @property {number[]} steadyMs
 * @property {string | null} error
 */

/** @type {readonly Format[]} */
const FORMATS = ['graph', 'layers'];
const KEPT_CHOICE = 'digit-parity-backend';
const TIMED_RUNS = { repeats: 20, budgetMs: 8 };

/** @type {WeakMap<Element, Panel>} */
const panels = new WeakMap();

/**
 * @param {{data: Data, parentElement: HTMLElement, setStateValue: (name: string, value: unknown) => void}} component
 */
export default function browserLanes({ data, parentElement, setStateValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.dp-lanes'));
  const panel = panels.get(root) ?? new Panel(root);
  panels.set(root, panel);
  panel.show(data, (report) => setStateValue('report', report));
  return () => panel.close();
}

class Panel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Data | null} */
    this.data = null;
    this.asked = '';
    this.busy = false;
    this.closed = false;
    /** @type {(report: object) => void} */
    this.report = () => {};
  }

  /**
   * @param {Data} data
   * @param {(report: object) => void} report
   */
  show(data, report) {
    this.report = report;
    const asked = JSON.stringify([data.digit?.id, data.backend, data.model, data.bundle]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.data = data;
    paintWaiting(this.root, data);
    void this.work();
  }

  close() {
    this.closed = true;
  }

  /** Whether `data` is still what the page shows. @param {Data} data */
  isCurrent(data) {
    return this.data === data && !this.closed;
  }

  /** Answer the latest digit, until there is no later one. */
  async work() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let done = null; this.data && this.data !== done && !this.closed; ) {
        done = this.data;
        await this.answer(done);
      }
    } finally {
      this.busy = false;
    }
  }

  /** @param {Data} data */
  async answer(data) {
    /** @type {Backend | null} */
    let backend = null;
    let fallback = null;
    /** @type {Record<string, string>} */
    let environment = {};
    /** @type {Answer[]} */
    let answers = [];
    try {
      const engine = await loadEngine(data.bundle);
      environment = describe(engine);
      ({ backend, fallback } = await pickBackend(engine, data.backend));
      const runs = [];
      for (const format of FORMATS) runs.push(await this.first(engine, data, format));
      answers = await this.timed(data, runs);
    } catch (error) {
      answers = FORMATS.map((format) => failed(format, error));
    }
    if (!this.isCurrent(data)) return;
    for (const answer of answers) paintAnswer(this.root, answer, data);
    if (data.digit === null) return;
    const { digit, model } = data;
    const lanes = answers;
    this.report({ digit: digit.id, model: model.name, asked: data.backend, backend, fallback, lanes, environment });
  }

  /**
   * One lane's answer, painted at once. The first prediction is made on a blank digit right after
   * loading, so that no drawing waits for it.
   * @param {Engine} engine
   * @param {Data} data
   * @param {Format} format
   */
  async first(engine, data, format) {
    try {
      const { name, version, paths, scale } = data.model;
      const url = served(`models/${name}/${version}/${paths[format]}`);
      const lane = await engine.loadLane(format, url, { scale });
      if (lane.firstMs === null) await lane.predict(new Float32Array(lane.size), 1);
      if (data.digit === null || !this.isCurrent(data)) return { format, lane, answer: null };
      const { probabilities, ms } = await lane.predict(decode(data.digit.pixels), 1);
      const { loadMs, firstMs } = lane;
      const answer = { format, probabilities: [...probabilities], loadMs, firstMs, steadyMs: [ms], error: null };
      if (this.isCurrent(data)) paintAnswer(this.root, answer, data);
      return { format, lane, answer };
    } catch (error) {
      return { format, lane: null, answer: failed(format, error) };
    }
  }

  /**
   * Both lanes again for the clock, in turns so that what slows the machine slows both.
   * @param {Data} data
   * @param {{lane: import('../models/tfjs/src/lanes.js').Lane | null, format: Format, answer: Answer | null}[]} runs
   * @returns {Promise<Answer[]>}
   */
  async timed(data, runs) {
    const begin = performance.now();
    const digit = data.digit && decode(data.digit.pixels);
    for (let turn = 0; digit && turn < TIMED_RUNS.repeats && this.isCurrent(data); turn += 1) {
      for (const { lane, answer } of runs) {
        if (lane && answer?.probabilities) answer.steadyMs.push((await lane.predict(digit, 1)).ms);
      }
      if (performance.now() - begin > TIMED_RUNS.budgetMs * runs.length) break;
    }
    return runs.flatMap(({ answer }) => answer ?? []);
  }
}

/** @type {Map<string, Promise<Engine>>} */
const engines = new Map();

/**
 * @param {string | null} bundle
 * @returns {Promise<Engine>}
 */
function loadEngine(bundle) {
  if (bundle === null) {
    throw new Error('TensorFlow.js is not installed on this server. Its operator installs it with: make install');
  }
  const known = engines.get(bundle);
  if (known) return known;
  const loading = import(served(bundle));
  engines.set(bundle, loading);
  loading.catch(() => engines.delete(bundle));
  return loading;
}

/**
 * The address of a served file, also under a path prefix: Streamlit's own script shows the root.
 * @param {string} path
 */
function served(path) {
  const script = /** @type {HTMLScriptElement | null} */ (document.querySelector('script[src*="static/js/"]'));
  return new URL(`../../served/${path}`, script?.src ?? document.baseURI).href;
}

/**
 * The backend that was asked for, or the next one that works with the reason; `auto` is measured.
 * @param {Engine} engine
 * @param {'auto' | Backend} asked
 * @returns {Promise<{backend: Backend, fallback: string | null}>}
 */
async function pickBackend(engine, asked) {
  const kept = /** @type {Backend | null} */ (asked === 'auto' ? sessionStorage.getItem(KEPT_CHOICE) : asked);
  if (kept === null) {
    const { backend } = await engine.chooseBackend();
    return { backend, fallback: null };
  }
  try {
    await engine.useBackend(kept);
    return { backend: kept, fallback: null };
  } catch (error) {
    const others = engine.BACKENDS.filter((name) => name !== kept);
    const { backend } = await engine.chooseBackend(others);
    return { backend, fallback: reason(error) };
  }
}

/**
 * What a report says of this browser.
 * @param {Engine} engine
 * @returns {Record<string, string>}
 */
function describe(engine) {
  const { userAgent, cores, gpu, crossOriginIsolated, tfjs } = engine.describeEnvironment();
  return {
    browser: userAgent,
    cores: String(cores ?? 'unknown'),
    gpu: gpu?.renderer ?? 'none',
    'cross-origin isolated': crossOriginIsolated ? 'yes' : 'no',
    'TensorFlow.js': tfjs,
  };
}

/**
 * @param {string} base64
 * @returns {Float32Array}
 */
function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** @param {unknown} error */
const reason = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @param {Format} format
 * @param {unknown} error
 * @returns {Answer}
 */
const failed = (format, error) => ({
  format, probabilities: null, loadMs: null, firstMs: null, steadyMs: [], error: reason(error),
});

/**
 * @param {HTMLElement} root
 * @param {Data} data
 */
function paintWaiting(root, data) {
  if (root.childElementCount === 0) root.append(...FORMATS.map(card));
  for (const format of FORMATS) {
    const note = data.digit ? '…' : 'ready';
    paint(root, format, data.digit ? 'waiting' : 'empty', { digit: '–', sure: note, time: '' });
  }
}

/**
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {Data} data
 */
function paintAnswer(root, { format, probabilities, steadyMs, error }, data) {
  if (probabilities === null) {
    paint(root, format, 'failed', { digit: '×', sure: error ?? '', time: '' });
    return;
  }
  const top = probabilities.indexOf(Math.max(...probabilities));
  const sorted = [...steadyMs].sort((a, b) => a - b);
  paint(root, format, 'answered', {
    digit: data.model.classes[top],
    sure: `${(100 * probabilities[top]).toFixed(1)} %`,
    time: `${sorted[sorted.length >> 1].toFixed(2)} ms`,
  });
}

/** @param {Format} format */
function card(format) {
  const made = document.createElement('div');
  made.className = `dp-card dp-${format}`;
  made.dataset.format = format;
  for (const part of ['name', 'digit', 'sure', 'time']) {
    const line = made.appendChild(document.createElement('div'));
    line.className = `dp-${part}`;
  }
  /** @type {HTMLElement} */ (made.querySelector('.dp-name')).textContent = format;
  return made;
}

/**
 * @param {HTMLElement} root
 * @param {Format} format
 * @param {'waiting' | 'empty' | 'failed' | 'answered'} state
 * @param {{digit: string, sure: string, time: string}} words
 */
function paint(root, format, state, words) {
  const found = /** @type {HTMLElement} */ (root.querySelector(`[data-format=${format}]`));
  found.dataset.state = state;
  for (const [part, text] of Object.entries(words)) {
    /** @type {HTMLElement} */ (found.querySelector(`.dp-${part}`)).textContent = text;
  }
}
