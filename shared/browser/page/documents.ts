import { textOfDocx } from "./docx.js";
import { load, Unloaded } from "./dom.js";
import { tidy } from "./tidy.js";

/** Why a file gives no text; texts.job.refused has a sentence for each. */
export type DocumentCode = "too_large" | "unknown" | "encrypted" | "broken" | "encoding" | "empty";

/** DocumentError says why a file gives no text. */
export class DocumentError extends Error {
  readonly code: DocumentCode;

  constructor(code: DocumentCode, cause?: unknown) {
    super(code, { cause });
    this.name = "DocumentError";
    this.code = code;
  }
}

/** The largest file that is opened, in bytes. */
const MAX_FILE = 10 * 1024 * 1024;

/** The most text that is taken out of one, in characters: more than anybody may send. */
const MAX_TEXT = 256 * 1024;

/**
 * readDocument reads the text of a file, here in the browser. What the file is counts, not
 * what it is called. Rejects with a DocumentError, or an Unloaded where a script that reads it
 * did not load.
 */
export async function readDocument(file: File): Promise<string> {
  if (file.size > MAX_FILE) throw new DocumentError("too_large");
  const text = tidy(await textIn(new Uint8Array(await bytesOf(file)), file.name));
  if (!text) throw new DocumentError("empty");
  return text;
}

async function bytesOf(file: File): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (error) {
    throw new DocumentError("broken", error); // it is gone, or a folder
  }
}

async function textIn(data: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
  if (begins(data, "%PDF-", 1024)) return textOfPDF(data);
  if (begins(data, "PK", 0)) return textOfDocx(data);
  if (!/\.(?:txt|md|text|markdown)$/i.test(name))
    throw new DocumentError(/\.(?:pdf|docx)$/i.test(name) ? "broken" : "unknown");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch (error) {
    throw new DocumentError("encoding", error);
  }
}

/** textOfPDF reads a PDF file by a script that is loaded only now. */
async function textOfPDF(data: Uint8Array): Promise<string> {
  try {
    return await (await load<typeof import("./pdf.js")>("pdf")).textOf(data, MAX_TEXT);
  } catch (error) {
    const { name, message } = error as Error;
    if (error instanceof Unloaded || message.startsWith("Setting up fake worker failed"))
      throw new Unloaded("pdf", { cause: error });
    throw new DocumentError(name === "PasswordException" ? "encrypted" : "broken", error);
  }
}

/** begins says whether data has a mark within its first bytes. */
function begins(data: Uint8Array, mark: string, within: number): boolean {
  const head = String.fromCharCode(...data.subarray(0, within + mark.length));
  return head.includes(mark);
}
