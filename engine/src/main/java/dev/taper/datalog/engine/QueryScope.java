package dev.taper.datalog.engine;

/** Which facts a query sees that names no scopes itself. */
public enum QueryScope {
  /** Those that depend on nothing but the authority block and the authorizer. */
  TRUSTED,
  /** Those of all blocks: good for exploring, never for deciding. */
  ALL
}
