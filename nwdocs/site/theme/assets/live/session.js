/**
 * Python in a worker, from its start to its end. It runs one cell at a time. Ending it ends
 * what runs, and loses all that was computed.
 *
 * @import { Cell, Manifest } from "./types.d.ts"
 */

export class Session {
  /** @type {(data: any) => void} what waits for the worker */
  #heard = () => {};
  #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });

  /**
   * Load the runtime, and start Python.
   * @param {Manifest} manifest
   * @param {string} base the manifest's address
   * @param {(share: number) => void} progress told what has come: 1 is all, more is that
   *   Python starts
   */
  async start(manifest, base, progress) {
    const total = size(manifest);
    await new Promise((resolve, reject) => {
      this.#worker.onerror = (event) =>
        reject(event.message || "the worker cannot be loaded");
      this.#worker.onmessage = ({ data }) => this.#heard(data);
      this.#heard = (data) => {
        if (data.loaded) progress(data.loaded / total);
        else if (data.failed) reject(data.failed);
        else if (data.ready) resolve(undefined);
      };
      this.#worker.postMessage({ manifest, base });
    });
  }

  /**
   * Run a cell.
   * @param {Cell} cell
   * @param {(message: Record<string, any>) => void} tell what it prints and shows
   * @returns {Promise<boolean>} whether it ended by itself, and not with the session
   */
  async run(cell, tell) {
    const data = await new Promise((resolve) => {
      this.#heard = (data) => data.message ? tell(data.message) : resolve(data);
      this.#worker.postMessage({ id: cell.number, cell });
    });
    if (data.failed) throw data.failed;
    return !data.stopped;
  }

  end() {
    this.#worker.terminate();
    this.#heard({ stopped: true });
  }
}

/** How many bytes a manifest names.
 * @param {Manifest} manifest */
export function size({ parts }) {
  return Object.values(parts).reduce((sum, part) => sum + part.bytes, 0);
}
