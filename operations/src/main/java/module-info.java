/** What front ends share: keys and names, audit trails, revoking, registries, reviews, rotation. */
module dev.taper.operations {
  requires transitive dev.taper.engine;
  requires transitive dev.taper.store;
  requires transitive java.net.http;
  requires jdk.httpserver;
  requires jdk.management;
  requires org.slf4j;
  requires static transitive org.jspecify;
  // Only configurations in YAML need it.
  requires static org.snakeyaml.engine.v2;

  uses dev.taper.operations.Stores.Provider;

  exports dev.taper.operations;
  exports dev.taper.operations.asking;
  exports dev.taper.operations.config;
  exports dev.taper.operations.doctor;
  exports dev.taper.operations.findings;
  exports dev.taper.operations.keeper;
  exports dev.taper.operations.key;
  exports dev.taper.operations.login;
  exports dev.taper.operations.registry;
  exports dev.taper.operations.review;
  exports dev.taper.operations.revoking;
  exports dev.taper.operations.rotation;
  exports dev.taper.operations.trail;
}
