package dev.taper.store;

class SqliteAuditSinkTest extends SqlAuditSinkContract {
  SqliteAuditSinkTest() {
    super(TestDatabase.SQLITE);
  }
}
