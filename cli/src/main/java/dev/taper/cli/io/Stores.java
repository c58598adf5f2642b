package dev.taper.cli.io;

import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.audit.AuditSink;
import dev.taper.audit.AuditSource;
import dev.taper.revocation.Fingerprint;
import dev.taper.store.Database;
import dev.taper.store.LazyRevocations;
import dev.taper.store.SqlApprovalUses;
import dev.taper.store.SqlAuditSink;
import dev.taper.store.SqlRevocations;
import dev.taper.store.registry.Registry;
import java.time.Clock;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is in a database instead of a file. Only a command that was given a database comes here:
 * nothing else loads its classes.
 */
public final class Stores {
  private Stores() {}

  /** Writes to an audit log, and makes the database if there is none. */
  public static void writeAudit(Console console, Place.Sql place, Consumer<AuditSink> work) {
    try (Database database = open(console, place)) {
      work.accept(new SqlAuditSink(database));
    }
  }

  /** Reads an audit log. */
  public static <T> T readAudit(Console console, Place.Sql place, Function<AuditSource, T> work) {
    try (Database database = Database.openExisting(place.address(), console.directory())) {
      return work.apply(new SqlAuditSink(database));
    }
  }

  /** Signed revocation lists, to be read. */
  public static LazyRevocations revocations(Console console, Place.Sql place) {
    return new LazyRevocations(place.address(), console.directory(), console.clock());
  }

  /** Works with revocations; makes the database if there is none. */
  public static <T> T revocations(
      Console console, Place.Sql place, Function<SqlRevocations, T> work) {
    try (Database database = open(console, place)) {
      return work.apply(new SqlRevocations(database, console.clock()));
    }
  }

  /** How many living delegations revoking something ends, if a registry in there knows any. */
  public static OptionalInt endedBy(Console console, Place.Sql place, Fingerprint fingerprint) {
    try (Database database = open(console, place)) {
      return new Registry(database, console.clock()).endedBy(fingerprint);
    }
  }

  /**
   * Remembers used approvals; the database is opened, or made, when there is one to use.
   *
   * @param clock the time of the decision
   */
  public static ApprovalUses approvalUses(Console console, Place.Sql place, Clock clock) {
    return new ApprovalUses() {
      @Override
      public Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share) {
        try (Database database = open(console, place)) {
          return new SqlApprovalUses(database, clock).claim(uses, share);
        }
      }

      @Override
      public void release(Collection<ApprovalUse> uses) {
        try (Database database = open(console, place)) {
          new SqlApprovalUses(database, clock).release(uses);
        }
      }
    };
  }

  private static Database open(Console console, Place.Sql place) {
    return Database.open(place.address(), console.directory());
  }
}
