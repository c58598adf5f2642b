package dev.taper.datalog.engine;

/** Says which facts a query without scopes of its own sees. */
public enum QueryScope {
  /** The facts that depend on nothing but the authority block and the authorizer. */
  TRUSTED,
  /** The facts of all blocks: good for exploring, never for deciding. */
  ALL
}
