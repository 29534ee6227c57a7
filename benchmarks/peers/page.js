/** The page around the frames: gives every engine its turns in shuffled order. */

/**
 * @param {string} backend
 * @param {string} entry  of our bundle
 * @param {string[]} ways  of engines.js, each the name of a frame's page
 * @param {{turns: number, each: number, rounds: number, batch: number}} plan
 * @returns {Promise<Record<string, {one: number[], many: number[], answer: number[]}>>}
 */
export async function measure(backend, entry, ways, { turns, each, rounds, batch }) {
  const engines = {};
  for (const way of ways) {
    const { engines: module } = await frame(way);
    for (const [name, predict] of Object.entries(await module[way](backend, entry))) {
      engines[`${way} ${name}`] = module.timed(predict, batch);
    }
  }
  const times = {};
  for (const [name, engine] of Object.entries(engines)) {
    await engine.one(20);
    if (rounds > 0) await engine.many();
    times[name] = { one: [], many: [], answer: await engine.answer() };
  }
  for (let turn = 0; turn < turns; turn += 1) {
    for (const name of shuffled(Object.keys(engines)))
      times[name].one.push(await engines[name].one(each));
    await breath();
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const name of shuffled(Object.keys(engines))) {
      times[name].many.push(await engines[name].many());
      await breath();
    }
  }
  return times;
}

/**
 * A frame's window, once its module has run.
 * @param {string} way
 */
async function frame(way) {
  const element = document.body.appendChild(document.createElement('iframe'));
  element.src = `/${way}.html`;
  await new Promise((resolve) => void element.addEventListener('load', resolve));
  return element.contentWindow;
}

const breath = () => new Promise((resolve) => void setTimeout(resolve, 0));

/** @param {string[]} names */
const shuffled = (names) =>
  names
    .map((name) => [Math.random(), name])
    .sort()
    .map(([, name]) => name);
