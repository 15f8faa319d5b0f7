// Sets the colour scheme and language before the first paint. A file of its own, because the page's policy allows no inline script.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be blocked; the defaults do
    }
  };
  const chosen = read("viertakt.scheme");
  const dark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";
  const language = read("viertakt.language") ?? navigator.language.slice(0, 2);
  document.documentElement.lang = language === "nl" ? "nl" : "en";
})();
