/** Who the athlete is, what may leave the phone, and how the page looks. */

import { html, nothing, type TemplateResult } from "lit-html";

import { button, card, check, choice, field, heading } from "../../pages/components.ts";
import {
  BIRTH_YEARS,
  CONDITIONS,
  checkProfile,
  type Profile,
  RANGES,
} from "../../src/guidance/profile.ts";
import { canSpeak } from "../device.ts";
import type { Phone } from "../phone.ts";
import { notices } from "./parts.ts";

type Number = keyof typeof RANGES | "birth_year";

const NUMBERS = ["resting_bpm", "threshold_bpm", "max_bpm"] as const;

export function settingsView(phone: Phone): TemplateResult {
  const { say } = phone;
  return html`${heading(say("settings"))} ${notices(phone)} ${youCard(phone)} ${privacyCard(phone)}
    ${looksCard(phone)}
    <p class="small quiet">${say("medical")}</p>`;
}

function youCard(phone: Phone): TemplateResult {
  const { say, choices } = phone;
  const { profile } = choices;
  return card(
    say("you"),
    choices.isLinked
      ? html`<p>${say("account", { athlete: choices.athlete })}</p>`
      : field({
          id: "athlete",
          label: say("athlete"),
          value: choices.athlete,
          change: (value) => phone.rename(value),
        }),
    numberField(phone, "birth_year", say("birth_hint")),
    ...NUMBERS.map((name) => numberField(phone, name)),
    html`<fieldset>
      <legend class="legend">${say("conditions")}</legend>
      ${CONDITIONS.map((condition) =>
        check({
          id: condition,
          label: say(condition),
          checked: profile.conditions.includes(condition),
          change: (checked) => {
            const others = profile.conditions.filter((one) => one !== condition);
            return change(phone, { conditions: checked ? [...others, condition] : others });
          },
        }),
      )}
    </fieldset>`,
    check({
      id: "is_active",
      label: say("is_active"),
      checked: profile.is_active,
      change: (is_active) => change(phone, { is_active }),
    }),
  );
}

function numberField(phone: Phone, name: Number, hint = ""): TemplateResult {
  const { say, choices } = phone;
  const value = choices.profile[name];
  const [low, high] = name === "birth_year" ? BIRTH_YEARS : RANGES[name];
  return field({
    id: name,
    label: say(name),
    type: "number",
    value: value === undefined || !Number.isFinite(value) ? "" : String(value),
    ...(hint ? { hint } : {}),
    change: (text) => {
      phone.untell("number_wrong");
      const number = text.trim() === "" ? Number.NaN : Number(text);
      const isWrong = text.trim() !== "" && !(number >= low && number <= high);
      if (isWrong) return phone.tell("number_wrong", { name: say(name), low, high });
      return change(phone, { [name]: number });
    },
  });
}

/** Keep what changed, unless two numbers cannot both be right. */
function change(phone: Phone, changed: Partial<Profile>): Promise<void> | void {
  const all = { ...phone.choices.profile, ...changed };
  const known = Object.entries(all).filter(([name, value]) => {
    return name === "birth_year" || !Number.isNaN(value);
  });
  const profile = Object.fromEntries(known) as unknown as Profile;
  phone.notices.delete("order_wrong");
  try {
    const [birth_year] = Number.isNaN(profile.birth_year) ? [BIRTH_YEARS[0]] : [profile.birth_year];
    checkProfile({ ...profile, birth_year });
  } catch {
    return phone.tell("order_wrong");
  }
  return phone.choose({ profile });
}

function privacyCard(phone: Phone): TemplateResult {
  const { say } = phone;
  const clear = () => (confirm(say("clear_sure")) ? phone.kept.clear() : null);
  return card(
    say("privacy"),
    check({
      id: "consent",
      label: say("consent"),
      checked: phone.choices.sendsRaw,
      hint: say("consent_hint"),
      change: (sendsRaw) => phone.choose({ sendsRaw }),
    }),
    phone.choices.isLinked ? shareCheck(phone) : nothing,
    html`<div class="row">
      ${button({ label: say("export_here"), act: () => phone.kept.exportHere() })}
      ${button({ label: say("clear"), act: clear, looks: "harm" })}
    </div>`,
    phone.choices.isLinked ? serverPart(phone) : nothing,
  );
}

/** What is the athlete's own on the server, to be had and to be removed. */
function serverPart(phone: Phone): TemplateResult {
  const { say } = phone;
  const clear = () => (confirm(say("clear_server_sure")) ? phone.kept.clearEverywhere() : null);
  return html`<p class="small quiet">${say("on_server")}</p>
    <div class="row">
      ${button({ label: say("export_server"), act: () => phone.kept.exportFromServer() })}
      ${button({ label: say("clear_server"), act: clear, looks: "harm" })}
    </div>`;
}

function shareCheck(phone: Phone): TemplateResult {
  return check({
    id: "share",
    label: phone.say("share"),
    checked: phone.choices.isShared,
    hint: phone.say("share_hint"),
    change: (isShared) => phone.choose({ isShared }),
  });
}

function looksCard(phone: Phone): TemplateResult {
  const { say } = phone;
  const themes = [
    ["auto", say("theme_auto")],
    ["light", say("theme_light")],
    ["dark", say("theme_dark")],
  ] as const;
  const voice = check({
    id: "voice",
    label: say("voice"),
    checked: phone.choices.isSpoken,
    hint: say("voice_hint"),
    change: (isSpoken) => phone.choose({ isSpoken }),
  });
  const theme = choice(say("looks"), phone.theme, themes, (one) => phone.wear(one));
  return canSpeak() ? card(say("looks"), theme, voice) : card(say("looks"), theme);
}
