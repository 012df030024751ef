// The service worker of one attendance sheet: the network first, and what the page has kept when there is none.
const PAGE_SECONDS_MAX = 5;
const MATCHING = { ignoreSearch: true, ignoreVary: true };

async function fromNetworkFirst(request) {
  const late = new Promise((_, reject) => setTimeout(reject, PAGE_SECONDS_MAX * 1000));
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (answer.status < 500) return answer;
    return (await caches.match(request, MATCHING)) ?? answer;
  } catch {
    return (await caches.match(request, MATCHING)) ?? Response.error();
  }
}

async function fromCacheFirst(request) {
  return (await caches.match(request, MATCHING)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(fromNetworkFirst(request));
  else if (origin === location.origin && (pathname.startsWith("/static/") || pathname.endsWith(".css"))) {
    event.respondWith(fromCacheFirst(request));
  }
});
