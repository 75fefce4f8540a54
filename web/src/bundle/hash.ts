/** SHA-256 as browsers and Node have it. */

import { DistrideError } from "../errors.ts";

/** Of some bytes, in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (!globalThis.crypto?.subtle) {
    throw new DistrideError(
      "This page is not a secure context, so nothing can be verified: serve it over https, or " +
        "from localhost.",
    );
  }
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
