package dev.taper.server.serve;

/** What a process does for others. */
enum Role {
  /** Decides about calls. */
  decide,
  /** Serves lists and root keys. */
  lists,
  /** Keeps asks for approvals. */
  asks
}
