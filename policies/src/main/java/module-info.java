/** Holds ready policy sets, and tests, checks and formats policies. */
module dev.taper.policies {
  requires transitive dev.taper.engine;
  requires static transitive org.jspecify;
  // Only dev.taper.policies.cases reads YAML; a service that loads policies does without.
  requires static org.snakeyaml.engine.v2;

  exports dev.taper.policies;
  exports dev.taper.policies.cases;
  exports dev.taper.policies.format;
  exports dev.taper.policies.lint;
}
