/**
 * A `fetch` for `tf.io.http` that tells what share of the weights has arrived, from 0 to 1, byte by
 * byte. TensorFlow.js's own `onProgress` counts files, so that it says nothing of a model with one;
 * and a file that does not arrive is an unhandled rejection then. It asks for all files of the
 * weights before it reads one: their sizes are known by then. Where the server does not say them,
 * nothing is told.
 * @param {(share: number) => void} onProgress
 * @returns {(url: RequestInfo | URL, init?: RequestInit, details?: {isBinary?: boolean}) => Promise<Response>}
 */
export function fetchAndTell(onProgress) {
  let total = 0;
  let arrived = 0;
  return async (url, init, details) => {
    const response = await fetch(url, init);
    if (!details?.isBinary || !response.ok || !response.body) return response;
    total += Number(response.headers.get('content-length') ?? Number.NaN);
    const counting = new TransformStream({
      transform(/** @type {Uint8Array} */ bytes, controller) {
        arrived += bytes.length;
        // What was compressed is longer than its header says.
        if (total > 0) onProgress(Math.min(arrived / total, 1));
        controller.enqueue(bytes);
      },
    });
    return new Response(response.body.pipeThrough(counting), response);
  };
}
