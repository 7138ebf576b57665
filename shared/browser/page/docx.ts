import { DocumentError } from "./documents.js";

/** The most that a document may be, unpacked, in bytes: what is more is no CV. */
const MAX_XML = 8 * 1024 * 1024;

const PART = "word/document.xml";
const WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/** textOfDocx reads the words of a .docx file. Rejects with a DocumentError. */
export async function textOfDocx(data: Uint8Array<ArrayBuffer>): Promise<string> {
  let xml: string;
  try {
    xml = new TextDecoder().decode(await unpack(data));
  } catch (error) {
    throw error instanceof DocumentError ? error : new DocumentError("broken", error);
  }
  if (xml.includes("<!DOCTYPE")) throw new DocumentError("broken"); // no office program writes one
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  const body = tree.getElementsByTagNameNS(WORDS, "body")[0];
  if (!body || tree.querySelector("parsererror")) throw new DocumentError("broken");
  return [...body.getElementsByTagNameNS(WORDS, "p")].map(paragraph).join("\n");
}

/** paragraph is the text of one; a text box in it has paragraphs of its own. */
function paragraph(p: Element): string {
  let text = "";
  for (const element of p.getElementsByTagNameNS(WORDS, "*")) {
    if (within(element) !== p) continue;
    if (element.localName === "t") text += element.textContent;
    else if (element.localName === "tab") text += "\t";
    else if (element.localName === "br" || element.localName === "cr") text += "\n";
  }
  return text;
}

/** within is the paragraph that an element is in. */
function within(element: Element): Element | null {
  let up = element.parentElement;
  while (up && !(up.localName === "p" && up.namespaceURI === WORDS)) up = up.parentElement;
  return up;
}

/**
 * unpack returns the part of a zip file that has the words (APPNOTE.TXT 4.3). It is found by
 * the directory at the end; sizes are not believed but counted.
 */
async function unpack(data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let end = data.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new DocumentError("broken");
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0 && view.getUint32(at, true) === 0x02014b50; left--) {
    const name = data.subarray(at + 46, at + 46 + view.getUint16(at + 28, true));
    if (new TextDecoder().decode(name) === PART) return entry(data, view, at);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  throw new DocumentError("unknown"); // a zip file of something else
}

/** entry unpacks the file whose record in the directory is at a place. */
async function entry(data: Uint8Array<ArrayBuffer>, view: DataView, at: number): Promise<ArrayBuffer> {
  const method = view.getUint16(at + 10, true);
  if (view.getUint16(at + 8, true) & 1) throw new DocumentError("encrypted");
  const local = view.getUint32(at + 42, true);
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = data.subarray(from, from + view.getUint32(at + 20, true));
  if (method !== 0 && method !== 8) throw new DocumentError("broken");
  const stream = new Blob([packed]).stream();
  return limited(method === 0 ? stream : stream.pipeThrough(new DecompressionStream("deflate-raw")));
}

/** limited reads a stream to its end, or to MAX_XML: then the rest is not unpacked. */
async function limited(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<ArrayBuffer> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = stream.getReader();
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    pieces.push(next.value);
    if (size <= MAX_XML) continue;
    void reader.cancel().catch(() => undefined);
    throw new DocumentError("too_large");
  }
  return new Blob(pieces).arrayBuffer();
}
