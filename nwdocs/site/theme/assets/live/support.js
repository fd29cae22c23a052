/** What of this browser is missing for Python to run; nothing, if it can. */
export function missing() {
  // A module whose one function catches an exception by `try_table`.
  const catches = new Uint8Array([
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...[1, 4, 1, 96, 0, 0],
    ...[3, 2, 1, 0],
    ...[10, 8, 1, 6, 0, 31, 64, 0, 11, 11],
  ]);
  if (typeof WebAssembly !== "object") return "WebAssembly";
  if (!WebAssembly.validate(catches)) return "exceptions in WebAssembly";
  if (typeof DecompressionStream !== "function") return "DecompressionStream";
  return "";
}
