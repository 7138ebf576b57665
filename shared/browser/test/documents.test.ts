import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { type DocumentError, readDocument } from "../page/documents.js";
import { bytes, tidy } from "../page/tidy.js";

const file = (name: string, data: string | Uint8Array<ArrayBuffer>): File => new File([data], name);

const code = (name: string, data: string | Uint8Array<ArrayBuffer>): Promise<string> =>
  readDocument(file(name, data)).then(
    () => "read",
    (error: DocumentError) => error.code,
  );

test("a text is tidied", () => {
  assert.equal(tidy(" a \t b\r\n\r\n\r\n c\u0000d\u2028e \n"), "a b\n\nc d\ne");
  assert.equal(tidy("e\u0301"), "é");
  assert.equal(bytes("é語"), 5);
  assert.equal(bytes(), 0);
});

test("a text file is read as it is", async () => {
  assert.equal(await readDocument(file("CV.TXT", "\uFEFFTen years\r\nof buses")), "Ten years\nof buses");
  assert.equal(await code("cv.md", new Uint8Array([0x63, 0xe9])), "encoding");
  assert.equal(await code("cv.txt", " \n"), "empty");
  assert.equal(await code("cv.png", "x"), "unknown");
  assert.equal(await code("cv.docx", "x"), "broken");
});

/** zip is a zip file of one part, which claims a size. */
function zip(name: string, data: Uint8Array, { method = 8, flags = 0, cut = 0 } = {}): Uint8Array<ArrayBuffer> {
  const packed = method === 8 ? deflateRawSync(data) : data;
  const entry = (signature: number, more: number[], rest: number): Buffer => {
    const head = Buffer.alloc(rest);
    head.writeUInt32LE(signature, 0);
    head.writeUInt16LE(flags, more[0]!);
    head.writeUInt16LE(method, more[0]! + 2);
    head.writeUInt32LE(packed.length, more[1]!);
    head.writeUInt32LE(1, more[1]! + 4); // what it claims to be, unpacked
    head.writeUInt16LE(name.length, more[1]! + 8);
    return head;
  };
  const local = Buffer.concat([entry(0x04034b50, [6, 18], 30), Buffer.from(name), packed]);
  const directory = Buffer.concat([entry(0x02014b50, [8, 20], 46), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  const all = Buffer.concat([local, directory, end]);
  return new Uint8Array(all.subarray(0, all.length - cut));
}

test("a zip file is not believed", async () => {
  const part = "word/document.xml";
  const spaces = new Uint8Array(64 << 20).fill(0x20);
  assert.equal(await code("cv.docx", zip(part, spaces)), "too_large");
  assert.equal(await code("cv.docx", zip(part, spaces.subarray(0, 9 << 20), { method: 0 })), "too_large");
  assert.equal(await code("cv.docx", zip("xl/workbook.xml", spaces.subarray(0, 9))), "unknown");
  assert.equal(await code("cv.docx", zip(part, spaces.subarray(0, 9), { flags: 1 })), "encrypted");
  assert.equal(await code("cv.docx", zip(part, spaces.subarray(0, 9), { method: 12 })), "broken");
  assert.equal(await code("cv.docx", zip(part, Buffer.from("<!DOCTYPE a>"))), "broken");
  for (const cut of [1, 22, 40, 100])
    assert.equal(await code("cv.docx", zip(part, spaces.subarray(0, 99), { cut })), "broken");
});
