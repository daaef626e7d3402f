// The player's elements speak as soon as they exist: the words of the page's language come first.
import { addTranslation, define, setLanguage } from "../vendor/media-chrome.js";

const { lang } = document.documentElement;
addTranslation(lang, JSON.parse(document.querySelector("[data-words]")?.dataset.words ?? "{}"));
setLanguage(lang);
define();
