import assert from 'node:assert/strict';
import { test } from 'node:test';

import { setGlobals } from '../support/dom.js';
import { reset, tensor, use } from '../support/tensorflow.js';

use();

let asked = 0;

/**
 * A module that has asked nothing yet.
 *
 * @returns {Promise<typeof import('../../../models/tfjs/src/environment.js')>}
 */
function fresh() {
  asked += 1;
  return import(`../../../models/tfjs/src/environment.js?${asked}`);
}

/** A browser whose WebGL is drawn by this. @param {string} renderer @param {{named?: boolean}} [its] */
function drawnBy(renderer, { named = true } = {}) {
  const gl = {
    VENDOR: 'vendor',
    RENDERER: 'renderer',
    lost: 0,
    contexts: 0,
    getExtension: (/** @type {string} */ name) => {
      if (name === 'WEBGL_lose_context')
        return {
          loseContext: () => {
            gl.lost += 1;
          },
        };
      return named
        ? { UNMASKED_VENDOR_WEBGL: 'true vendor', UNMASKED_RENDERER_WEBGL: 'true renderer' }
        : null;
    },
    getParameter: (/** @type {string} */ name) => (name.endsWith('renderer') ? renderer : name),
  };
  const getContext = () => {
    gl.contexts += 1;
    return gl;
  };
  setGlobals({ document: { createElement: () => ({ getContext }) } });
  return gl;
}

test('a GPU is what WebGL names, asked once, and its context is given back', async () => {
  const gl = drawnBy('Adreno 650');
  const { describeGpu } = await fresh();
  assert.deepEqual(describeGpu(), {
    vendor: 'true vendor',
    renderer: 'Adreno 650',
    software: false,
  });
  describeGpu();
  assert.deepEqual([gl.contexts, gl.lost], [1, 1]);
});

test('a browser that hides its GPU says what it says', async () => {
  drawnBy('WebKit WebGL', { named: false });
  const { describeGpu } = await fresh();
  assert.deepEqual(describeGpu(), { vendor: 'vendor', renderer: 'WebKit WebGL', software: false });
});

test('a GPU that is drawn on the processor is known by its name', async () => {
  for (const renderer of [
    'ANGLE (Google, Vulkan SwiftShader)',
    'llvmpipe (LLVM 15)',
    'Microsoft Basic Render Driver',
  ]) {
    drawnBy(renderer);
    assert.equal((await fresh()).describeGpu()?.software, true, renderer);
  }
});

test('without WebGL, and in Node, there is no GPU', async () => {
  setGlobals({ document: { createElement: () => ({ getContext: () => null }) } });
  assert.equal((await fresh()).describeGpu(), null);
  setGlobals({ document: undefined });
  assert.equal((await fresh()).describeGpu(), null);
});

test('Node is named by its version', async () => {
  setGlobals({ document: undefined, navigator: undefined });
  assert.deepEqual((await fresh()).describeEnvironment(), {
    userAgent: `Node.js ${process.version}`,
    cores: null,
    gpu: null,
    webgpu: false,
    crossOriginIsolated: false,
    tfjs: '4.22.0',
  });
});

test('a browser says its processors, WebGPU, and whether it is isolated', async () => {
  setGlobals({
    document: undefined,
    navigator: { hardwareConcurrency: 8, gpu: {} },
    crossOriginIsolated: true,
  });
  const { cores, webgpu, crossOriginIsolated } = (await fresh()).describeEnvironment();
  assert.deepEqual([cores, webgpu, crossOriginIsolated], [8, true, true]);
});

test('memory is what is alive', async () => {
  reset();
  tensor(new Float32Array(1), [1]);
  assert.deepEqual((await fresh()).memory(), { tensors: 1, bytes: 4 });
});
