/** What of JSON is taken from files that every device must read alike. */

import { deepEqual, equal, throws } from "node:assert/strict";
import { test } from "node:test";

import { anything, integer, list, number, object, parse } from "../src/bundle/strict.ts";

test("values come as they are written", () => {
  const json =
    ' {"a" : [1, -2.5, 1e2, true, null], "__proto__":{"\\u00e9,\\"":[]},"7":{}, "1":"" } ';
  equal(JSON.stringify(anything(parse(json, "it"), "it")), JSON.stringify(JSON.parse(json)));
  for (const scalar of ["3", "2.0", '"x:{"', "false", "null", "[]"]) {
    deepEqual(anything(parse(scalar, "it"), "it"), JSON.parse(scalar));
  }
});

test("a whole number is one that is written as one, as in Python", () => {
  const counts = object({ counts: list(integer), share: number });
  const of = (text: string) => counts(parse(text, "it"), "it");
  deepEqual(of('{"counts": [0, -7], "share": 2.0}'), { counts: [0, -7], share: 2 });
  equal(of('{"counts": [], "share": 2}').share, 2);
  for (const written of ["1.0", "1e3", "-0.0", "1.5"]) {
    throws(
      () => of(`{"counts": [1, ${written}], "share": 0}`),
      new RegExp(`'it.counts\\[1\\]' is "${written}": it must be a whole number`),
    );
  }
  throws(() => of('{"counts": [1], "share": "2.0"}'), /must be a number/);
  throws(() => object({})(parse("1.0", "it"), "it"), /must be an object/);
});

test("what readers would read otherwise is refused", () => {
  for (const wrong of [
    '{"a":1,"\\u0061":1}',
    '"\\ud800"',
    "1e999",
    "9007199254740992",
    "{a:1}",
    "",
  ]) {
    throws(() => parse(wrong, "it"), /it is not usable JSON/);
  }
});
