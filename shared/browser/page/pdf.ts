import { GlobalWorkerOptions, getDocument } from "../vendor/pdf.js";
import { find } from "./dom.js";

/** The most pages that are read: nobody's CV has more. */
const MAX_PAGES = 60;

/** textOf reads the words of a PDF file, until there are more than limit. Rejects with an error of pdf.js. */
export async function textOf(data: Uint8Array, limit: number): Promise<string> {
  GlobalWorkerOptions.workerSrc = find<HTMLMetaElement>("meta[name=pdf-worker]").content;
  const loading = getDocument({ data, disableFontFace: true, useSystemFonts: false, useWasm: false, verbosity: 0 });
  try {
    const pages = await loading.promise;
    let text = "";
    for (let n = 1; n <= Math.min(pages.numPages, MAX_PAGES) && text.length <= limit; n++) {
      const { items } = await (await pages.getPage(n)).getTextContent();
      for (const item of items) if ("str" in item) text += item.hasEOL ? `${item.str}\n` : item.str;
      text += "\n\n";
    }
    return text;
  } finally {
    await loading.destroy();
  }
}
