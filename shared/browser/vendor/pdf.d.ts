/** What the page uses of pdf.js: see the package vendor in cdk/page, which fetches it. */

/** Loading is a document that is being read. */
export interface Loading {
  promise: Promise<{
    numPages: number;
    getPage(
      n: number,
    ): Promise<{ getTextContent(): Promise<{ items: ({ str: string; hasEOL: boolean } | { type: string })[] }> }>;
  }>;
  destroy(): Promise<void>;
}

export const GlobalWorkerOptions: { workerSrc: string };
export function getDocument(source: {
  data: Uint8Array;
  disableFontFace?: boolean;
  useSystemFonts?: boolean;
  useWasm?: boolean;
  stopAtErrors?: boolean;
  verbosity?: number;
}): Loading;
