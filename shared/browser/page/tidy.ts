/** tidy is a text without what nobody sees: marks of control, blanks at ends, more than one empty line. */
export function tidy(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\r\n?|[\u2028\u2029\u0085\f\v]/g, "\n")
    .replace(/\p{Cc}/gu, (c) => (c === "\n" ? c : " "))
    .replace(/[^\S\n]+/g, " ")
    .replace(/ *\n */g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** bytes is how long a text is in UTF-8. */
export const bytes = (text = ""): number => new TextEncoder().encode(text).length;
