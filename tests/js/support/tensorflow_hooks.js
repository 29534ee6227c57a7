/** Node asks here for every module that is imported: the packages of TensorFlow.js are the stub. */

const STUB = new URL('./tensorflow.js', import.meta.url).href;

/** @type {import('node:module').ResolveHook} */
export const resolve = (specifier, context, next) =>
  specifier.startsWith('@tensorflow/')
    ? { url: STUB, shortCircuit: true }
    : next(specifier, context);
