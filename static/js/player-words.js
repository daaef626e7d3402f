// The library's words in the page's language. Imported before the library itself, whose elements speak as soon as they exist.
import { addTranslation, setLanguage } from "../vendor/media-chrome-words.js";

const { lang } = document.documentElement;
addTranslation(lang, JSON.parse(document.querySelector("[data-words]")?.dataset.words ?? "{}"));
setLanguage(lang);
