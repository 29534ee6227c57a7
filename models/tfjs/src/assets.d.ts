// esbuild copies a .wasm file into dist/ and imports it as that file's name.
declare module '*.wasm' {
  const name: string;
  export default name;
}
