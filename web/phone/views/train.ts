/** Before a session: the model, the sensors, and how the athlete is. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock, dateOf } from "../../pages/clock.ts";
import { button, card, check, choice, heading, type Part, select } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import { SYMPTOMS } from "../../src/guidance/profile.ts";
import type { Phone } from "../phone.ts";
import { fileButton, notices } from "./parts.ts";

const SPEEDS = [
  ["1", "1×"],
  ["4", "4×"],
  ["16", "16×"],
] as const;

export function trainView(phone: Phone): TemplateResult {
  if (!phone.model) return chooseModel(phone);
  const { say } = phone;
  return html`${heading(say("train"))} ${notices(phone)}
    ${button({
      label: say("start"),
      act: () => phone.runner.start(),
      looks: "main wide huge",
      disabled: phone.isBusy || (phone.choices.motion === "replay" && !phone.recording),
    })}
    ${motionCard(phone)} ${strapCard(phone)} ${todayCard(phone)} ${modelCard(phone)}`;
}

function chooseModel(phone: Phone): TemplateResult {
  const { say } = phone;
  return html`${heading(say("no_model"))}
    <p>${say("no_model_why")}</p>
    ${notices(phone)}
    <div class="stack">
      ${button({
        label: say("from_server"),
        act: () => phone.linking.take(),
        looks: "main wide",
        disabled: phone.isBusy,
      })}
      ${bundleButton(phone)}
      ${phone.hasDemo ? demoPart(phone) : nothing}
    </div>`;
}

function demoPart(phone: Phone): TemplateResult {
  const { say } = phone;
  return html`<section class="card">
    ${button({ label: say("try_demo"), act: () => phone.tryDemo(), disabled: phone.isBusy })}
    <p class="small quiet">${say("demo_why")}</p>
  </section>`;
}

function bundleButton(phone: Phone): TemplateResult {
  const opened = (bytes: Uint8Array<ArrayBuffer>) => phone.openBundle(bytes);
  return fileButton("bundle-file", phone.say("open_bundle"), ".distride", opened);
}

/** Where motion comes from. */
export function motionCard(phone: Phone): TemplateResult {
  const { say, choices } = phone;
  const options = [
    ["phone", say("motion_phone")],
    ["replay", say("motion_replay")],
  ] as const;
  const chosen = (motion: "phone" | "replay") => phone.choose({ motion });
  return card(
    say("motion"),
    choice(say("motion"), choices.motion, options, chosen),
    choices.motion === "replay" ? replayPart(phone) : placementPart(phone),
  );
}

function replayPart(phone: Phone): TemplateResult {
  const { say, recording, choices } = phone;
  const name = recording && named(recording.name);
  const time = recording && clock(recording.t.at(-1)! - recording.t[0]!);
  const opened = (bytes: Uint8Array<ArrayBuffer>) =>
    phone.attempt(async () => phone.openRecording(new TextDecoder().decode(bytes)));
  return html`${recording ? html`<p>${say("recording_known", { name: name!, time: time! })}</p>` : nothing}
    <div class="row">
      ${fileButton("recording-file", say("recording_file"), ".csv", opened)}
      ${choice(say("speed"), choices.speed, SPEEDS, (speed) => phone.choose({ speed }))}
    </div>`;
}

function placementPart(phone: Phone): Part {
  const { say, placements } = phone;
  if (placements.length === 0 || placements[0] === "") return nothing;
  const options = placements.map((one) => [one, named(one)] as const);
  return html`${select({
    id: "placement",
    label: say("placement"),
    value: phone.placement,
    options,
    change: (placement) => phone.choose({ placement }),
  })}
    <p class="small quiet">${say("placement_hint")}</p>`;
}

function strapCard(phone: Phone): TemplateResult {
  const { say } = phone;
  const { strap } = phone.gear.heart;
  const name = strap?.name ?? "";
  return card(
    say("strap"),
    html`<p>${strap ? say("strap_on", { name }) : say("strap_none")}</p>`,
    html`<div class="row">
      ${
        strap
          ? button({
              label: say("strap_disconnect", { name }),
              act: () => phone.gear.disconnectStrap(),
            })
          : button({ label: say("strap_connect"), act: () => phone.gear.connectStrap() })
      }
    </div>`,
  );
}

function todayCard(phone: Phone): TemplateResult {
  const { say, symptoms } = phone;
  const turn = (symptom: (typeof SYMPTOMS)[number], checked: boolean) => {
    const others = phone.symptoms.filter((one) => one !== symptom);
    phone.symptoms = checked ? [...others, symptom] : others;
    phone.redraw();
  };
  return card(
    say("today"),
    html`<p class="small quiet">${say("today_why")}</p>`,
    check({
      id: "ill",
      label: say("is_ill"),
      checked: phone.isIll,
      change: (checked) => {
        phone.isIll = checked;
      },
    }),
    html`<details>
      <summary>${say("symptoms")}</summary>
      ${SYMPTOMS.map((symptom) =>
        check({
          id: symptom,
          label: say(symptom),
          checked: symptoms.includes(symptom),
          change: (checked) => turn(symptom, checked),
        }),
      )}
    </details>`,
  );
}

/** Which model and which head are in use. */
export function modelCard(phone: Phone): TemplateResult {
  const { say } = phone;
  const model = phone.model!;
  const { manifest } = model.student.bundle;
  const head = model.current
    ? say("head_own", { date: dateOf(model.current.created, phone.language) })
    : say("head_shared");
  const [name, movements] = [manifest.name, model.movements.length];
  const { athletes } = manifest.training;
  return card(
    say("model"),
    html`<p>${say("model_told", { name, movements, athletes })}</p>`,
    html`<p>${say("head_used", { head })}</p>`,
    html`<div class="row">
      ${button({
        label: say(phone.choices.isLinked ? "newest" : "from_server"),
        act: () => phone.linking.take(),
      })}
      ${bundleButton(phone)}
      ${fileButton("head-file", say("open_head"), ".safetensors", (bytes) => phone.openHead(bytes))}
    </div>`,
  );
}
