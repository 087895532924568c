import { html } from "./html.js";

/** Chooses the language that the style sheet shows, without script; stands before everything that it switches. */
export const languageSwitch = html`<input class="choice" type="radio" name="language" id="vi" checked><label for="vi" lang="vi">Tiếng Việt</label><input class="choice" type="radio" name="language" id="en"><label for="en" lang="en">English</label>`;
