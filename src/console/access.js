// Access tokens, one for reading and one for publishing: kept for this tab alone (sessionStorage), and never part of an
// address, which histories and logs keep.

const keyOf = (scope) => `event-relay token to ${scope}`;

class Access extends EventTarget {
  /// What is shown to `read` or `publish`; empty: nothing. A relay may well have one token for both.
  token(scope) {
    const own = sessionStorage.getItem(keyOf(scope)) ?? "";
    return own === "" && scope === "publish" ? this.token("read") : own;
  }

  get hasAny() {
    return this.token("publish") !== "";
  }

  /// Whoever waits for a token tries again.
  use(scope, token) {
    sessionStorage.setItem(keyOf(scope), token);
    this.dispatchEvent(new CustomEvent("changed", { detail: scope }));
  }

  forget() {
    for (const scope of ["read", "publish"]) sessionStorage.removeItem(keyOf(scope));
    this.dispatchEvent(new CustomEvent("changed", { detail: "read" }));
  }

  /// The relay has asked for a token, or does not take the one that it was shown.
  wanted(scope) {
    this.dispatchEvent(new CustomEvent("wanted", { detail: scope }));
  }

  headers(scope) {
    const token = this.token(scope);
    return token === "" ? {} : { Authorization: `Bearer ${token}` };
  }

  /// Resolves at the next change; rejects when the signal aborts.
  changed(signal) {
    return new Promise((resolve, reject) => {
      this.addEventListener("changed", resolve, { once: true, signal });
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
}

export const access = new Access();
