// The one script of every page. Nothing here is needed to read or to act: pages work without it.
import "htmx.org/dist/htmx.esm.js";
import "./trusted_types.js";
import "htmx.org/dist/ext/hx-sse.js";
import "./current_page.js";
import "./filters.js";
import "./sign_out.js";
