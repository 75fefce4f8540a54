/** The checks as a page: it tells each of them in turn to who drives it. */

import { checks, groundOf } from "./checks.ts";

const load = async (name: string) => {
  const response = await fetch(`/vectors/${name}`);
  return new Uint8Array(await response.arrayBuffer());
};
const ground = groundOf(load);

/** What a check measured; throws where it fails. */
async function run(name: string): Promise<string> {
  return (await checks[name]!(await ground)) ?? "";
}

Object.assign(globalThis, { run });
