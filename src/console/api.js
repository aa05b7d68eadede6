// Requests to the relay that this page came from. Addresses are relative, so that it may be below any path of a proxy.
import { access } from "./access.js";

/// An answer that is no success. `problem` is the body as RFC 9457 has it, or as much of it as there is.
export class Refusal extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail ?? problem.title ?? `the answer was ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /// Whether another token is what it takes.
  get isAboutAccess() {
    return this.status === 401 || this.problem.type?.endsWith(":token_not_allowed") === true;
  }

  /// Whether the same request can succeed in a moment.
  get passes() {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }

  /// "the event data is larger than publish.max_event_bytes (body, at most 1048576)"
  get words() {
    const { field, limit, line } = this.problem;
    const more = [field, line !== undefined && `line ${line}`, limit !== undefined && `at most ${limit}`].filter(Boolean);
    return this.message + (more.length > 0 ? ` (${more.join(", ")})` : "");
  }
}

async function refusalOf(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // A proxy's page in place of the relay's answer.
  }
  const seconds = Number(response.headers.get("Retry-After"));
  return new Refusal(response.status, problem ?? {}, Number.isFinite(seconds) ? seconds : 0);
}

/// Throws Refusal, and what fetch() throws when nobody answers. `scope`: what it takes a token to.
export async function ask(path, options = {}) {
  const { scope = "read", headers = {}, ...more } = options;
  const shown = access.token(scope);
  const response = await fetch(path, { cache: "no-store", ...more, headers: { ...access.headers(scope), ...headers } });
  if (response.ok) return response;
  const refusal = await refusalOf(response);
  if (refusal.isAboutAccess) {
    // Another token was entered while this one was on its way: nobody is to be asked for it again.
    if (access.token(scope) !== shown) return ask(path, options);
    access.wanted(scope);
  }
  throw refusal;
}

export const askJson = async (path, options) => (await ask(path, options)).json();
