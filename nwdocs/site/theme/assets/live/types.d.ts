/** What the runtime is given. */
export interface Files {
  library: Uint8Array;
  wheel: Uint8Array;
  kernel: Uint8Array;
}

/** One cell, or an expression in a sentence. */
export interface Cell {
  source: string;
  number: number;
  inline: boolean;
}

/** Python that runs: it keeps its state from cell to cell. */
export interface Python {
  run(cell: Cell): void;
  memory(): number;
}

/** One file of the runtime on the site. */
export interface Part {
  url: string;
  bytes: number;
  integrity: string;
  packed: boolean;
}

/** Names that Python knows, by the kind by which the build colours them. */
export type Words = Record<string, string[]>;

/** What the site says of the runtime. */
export interface Manifest {
  about: string;
  words: Words;
  parts: Record<"wasm" | "library" | "wheel" | "kernel", Part>;
}
