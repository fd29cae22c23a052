/**
 * The worker: it fetches the runtime, starts it, and runs cells one after the other. It is
 * stopped by ending it, which ends an endless loop, too.
 *
 * @import { Cell, Files, Manifest, Part, Python } from "./types.d.ts"
 */

import { start } from "./runtime.js";

/** @type {any} */
const page = self;

/** @type {Promise<Python> | undefined} */
let python;

page.onmessage = async (/** @type {MessageEvent} */ { data }) => {
  try {
    if (data.manifest) {
      python = begin(data.manifest, data.base);
      await python;
      return page.postMessage({ ready: true });
    }
    const running = await python;
    running?.run(/** @type {Cell} */ (data.cell));
    page.postMessage({ ended: data.id, memory: running?.memory() });
  } catch (error) {
    page.postMessage({ failed: String(error) });
  }
};

/**
 * @param {Manifest} manifest
 * @param {string} base the folder of the manifest
 */
async function begin(manifest, base) {
  const parts = Object.entries(manifest.parts);
  const loaded = Object.fromEntries(parts.map(([name]) => [name, 0]));
  const got = await Promise.all(
    parts.map(async ([name, part]) => {
      const bytes = await fetched(part, base, (count) => {
        loaded[name] = count;
        page.postMessage({ loaded: Object.values(loaded).reduce((a, b) => a + b) });
      });
      return [name, part.packed ? await unpacked(bytes) : bytes];
    }),
  );
  const files = Object.fromEntries(got);
  page.postMessage({ loaded: Infinity });
  const compiled = await WebAssembly.compile(files.wasm);
  return start(compiled, /** @type {Files} */ (files), (message) => {
    page.postMessage({ message });
  });
}

/**
 * A part, from the browser's store or the site; it is what the build made, or an error.
 * @param {Part} part
 * @param {string} base
 * @param {(count: number) => void} progress
 */
async function fetched(part, base, progress) {
  const url = new URL(part.url, base);
  const store = await self.caches?.open("nw-live").catch(() => undefined);
  const kept = await store?.match(url);
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if (await digest(bytes) === part.integrity) {
      progress(bytes.length);
      return bytes;
    }
  }
  // Without a secure context a script cannot compute digests, but the browser can.
  const checked = self.crypto?.subtle ? {} : { integrity: part.integrity };
  const answer = await fetch(url, checked);
  if (!answer.ok || !answer.body) throw new Error(`${url}: ${answer.status}`);
  const pieces = [];
  let count = 0;
  for (const reader = answer.body.getReader();;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    progress(count += value.length);
  }
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  if (self.crypto?.subtle && await digest(bytes) !== part.integrity) {
    throw new Error(`${url} is not what the build of this site made.`);
  }
  await store?.put(url, new Response(bytes)).catch(() => {}); // a full disk, say
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256-${btoa(String.fromCharCode(...hash))}`;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(
    new DecompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
