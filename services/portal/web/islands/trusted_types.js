// The content security policy asks for trusted types: htmx parses fragments that our own server has escaped, and
// nobody may make functions out of text.
const refuse = function () {
  throw new TypeError("scripts in attributes are not allowed here");
};

if (globalThis.trustedTypes) {
  const policy = globalThis.trustedTypes.createPolicy("htmx", { createHTML: (text) => text });
  globalThis.htmx.registerExtension("portal-trusted-types", {
    init: (api) => api.initSecurity(policy, refuse, refuse),
  });
}
