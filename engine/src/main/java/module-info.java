/**
 * Capability tokens for agents: made, handed on, verified offline, decided about and recorded.
 *
 * <p>Packages that are not exported here are inner rooms: {@code wire}, {@code datalog.engine} and
 * {@code datalog.regex}. No public signature names their types.
 */
// re2j 1.8 names no module of its own. Its automatic name comes from the file name of its jar and
// may change; nothing of it shows in a signature, so that no consumer depends on that name.
@SuppressWarnings("requires-automatic")
module dev.taper.engine {
  requires com.github.benmanes.caffeine;
  // The one strict JSON reader (SafeJson) is for every module that reads JSON.
  requires transitive com.fasterxml.jackson.core;
  requires transitive java.net.http;
  requires org.bouncycastle.provider;
  requires static transitive org.jspecify;
  requires org.slf4j;
  requires re2j;

  exports dev.taper;
  exports dev.taper.agent.approval;
  exports dev.taper.agent.call;
  exports dev.taper.agent.catalog;
  exports dev.taper.agent.client;
  exports dev.taper.agent.decision;
  exports dev.taper.agent.delegation;
  exports dev.taper.agent.grant;
  exports dev.taper.agent.memory;
  exports dev.taper.agent.names;
  exports dev.taper.audit;
  exports dev.taper.authorizer;
  exports dev.taper.crypto;
  exports dev.taper.datalog;
  exports dev.taper.datalog.parser;
  exports dev.taper.revocation;
  exports dev.taper.token;
  exports dev.taper.trust;
}
