/** Shares data between processes in SQLite or PostgreSQL: registry, reviews, revocations, audit. */
// Flyway and PostgreSQL's driver have no module descriptor. Nothing of them shows in a signature.
@SuppressWarnings("requires-automatic")
module dev.taper.store {
  requires com.zaxxer.hikari;
  requires transitive dev.taper.engine;
  requires flyway.core;
  requires transitive java.sql;
  requires static transitive org.jspecify;
  requires org.postgresql.jdbc;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;

  exports dev.taper.store;
  exports dev.taper.store.registry;
}
