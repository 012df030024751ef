// Keeps the sheet and what it needs in a cache of its own, so that it opens without a network until the day after.
const PREFIX = "attendance";

let isRegistered = false;
async function register({ worker, path }) {
  if (isRegistered) return;
  isRegistered = true;
  const policy = globalThis.trustedTypes?.createPolicy("attendance", {
    createScriptURL(address) {
      if (address !== worker) throw new TypeError("only the worker of the sheet may be registered here");
      return address;
    },
  });
  await navigator.serviceWorker.register(policy ? policy.createScriptURL(worker) : worker, { scope: path });
}

// Also what was kept for other sheets goes when their day has passed, with the names on them.
export async function dropKeptPages(isOver) {
  for (const name of await caches.keys()) {
    const [prefix, until, path] = name.split(" ");
    if (prefix !== PREFIX || !isOver(Number(until))) continue;
    await caches.delete(name);
    const registration = await navigator.serviceWorker.getRegistration(path);
    if (registration && new URL(registration.scope).pathname === path) await registration.unregister();
  }
}

export async function keepPage(form) {
  if (!("serviceWorker" in navigator) || !("caches" in globalThis)) return;
  const { path, until } = form.dataset;
  await dropKeptPages((moment) => moment * 1000 < Date.now());
  if (Number(until) * 1000 < Date.now()) return;
  await register(form.dataset);
  const cache = await caches.open(`${PREFIX} ${until} ${path}`);
  const used = [...document.querySelectorAll("link[rel=stylesheet], link[rel=preload], script[src], use")];
  const addresses = new Set(used.map((one) => new URL(
    one.getAttribute("href") ?? one.getAttribute("src"), location.href).href.split("#")[0]));
  const missing = [];
  for (const address of addresses) if (!(await cache.match(address))) missing.push(address);
  await cache.addAll([path, ...missing]); // Fails as a whole without a network: what was kept before then stays.
  addresses.add(new URL(path, location.href).href);
  for (const kept of await cache.keys()) if (!addresses.has(kept.url)) await cache.delete(kept);
  form.dataset.kept = "";
}
