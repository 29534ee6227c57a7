// What is used of packages that are installed for who asks for them alone.

declare module '@litertjs/core' {
  type Values = Float32Array | Int32Array | Uint8Array;
  export class Tensor {
    constructor(values: Values, shape: number[]);
    readonly type: { layout: { dimensions: Int32Array | number[] } };
    data(): Promise<Values>;
    delete(): void;
  }
  export interface Model {
    readonly isFullyAccelerated: boolean;
    run(input: Record<string, Tensor>): Promise<Record<string, Tensor>>;
    delete(): void;
  }
  export function loadLiteRt(folder: string): Promise<unknown>;
  export function loadAndCompile(
    content: Uint8Array,
    options: { accelerator: 'wasm' | 'webgpu'; gpuOptions?: { precision: 'fp32' | 'fp16' } },
  ): Promise<Model>;
}

declare module 'onnxruntime-web/*' {
  type Values = import('./values.js').Typed;
  export class Tensor {
    constructor(dtype: string, values: Values, shape: number[]);
    readonly dims: readonly number[];
    getData(): Promise<Values>;
    dispose(): void;
  }
  export interface Session {
    readonly outputNames: readonly string[];
    run(input: Record<string, Tensor>): Promise<Record<string, Tensor>>;
    release(): Promise<void>;
  }
  export const InferenceSession: {
    create(content: Uint8Array, options: { executionProviders: string[] }): Promise<Session>;
  };
  export const env: {
    logLevel: string;
    wasm: { numThreads: number; wasmPaths: { wasm: string } };
  };
}
