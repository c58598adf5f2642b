package dev.taper.cli.io;

import dev.taper.cli.registry.FilterInput;
import dev.taper.TaperException;
import dev.taper.agent.AgentToken;
import dev.taper.agent.DecisionEvent;
import dev.taper.cli.output.HumanTime;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.Revocations;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.registry.Endings;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Opens registries. Only a command that was given one comes here: nothing else loads the classes of
 * a database.
 */
public final class Registries {
  private Registries() {}

  /**
   * Tells a registry of a token, and makes the registry if there is none.
   *
   * @param console where relative files start
   * @param address the database's address
   * @param token the token that was made
   * @param rootKey who signed its first block, or null
   * @return in words, what the token stands on that is revoked there
   */
  public static List<String> issued(
      Console console, String address, AgentToken token, @Nullable PublicKey rootKey) {
    try (Database database = Database.open(address, console.directory())) {
      new Registry(database, console.clock()).issued(token, rootKey);
      Map<Fingerprint, String> standsOn = token.standsOn(rootKey);
      return new SqlRevocations(database, console.clock())
          .revoked(List.copyOf(standsOn.keySet())).stream()
              .map(fingerprint -> Objects.requireNonNull(standsOn.get(fingerprint)))
              .toList();
    }
  }

  /**
   * Tells a registry of a call, and makes the registry if there is none.
   *
   * @param console where relative files start
   * @param address the database's address
   * @param event the call
   */
  public static void decided(Console console, String address, DecisionEvent event) {
    try (Database database = Database.open(address, console.directory())) {
      new Registry(database, console.clock()).decided(event);
    }
  }

  /**
   * How many living delegations it will end to revoke something. To be asked before it is revoked
   * anywhere: the same database may hold the list.
   *
   * @param console where relative files start
   * @param address the database's address
   * @param fingerprint what it is
   * @return empty if the registry knows no delegation, or cannot be asked: that is no reason not to
   *     revoke
   */
  public static OptionalInt endedBy(Console console, String address, Fingerprint fingerprint) {
    try (Database database = open(console, address)) {
      return new Registry(database, console.clock()).endedBy(fingerprint);
    } catch (TaperException e) {
      return OptionalInt.empty(); // and to tell it later fails as loudly as it should
    }
  }

  /**
   * Enters in a registry what is revoked.
   *
   * @param console where relative files start
   * @param address the database's address
   * @param entry what it is
   */
  public static void revoked(Console console, String address, RevocationEntry entry) {
    try (Database database = open(console, address)) {
      new SqlRevocations(database, console.clock()).enter(List.of(entry));
    }
  }

  /**
   * Takes out of a registry what is revoked no more.
   *
   * @param console where relative files start
   * @param address the database's address
   * @param lifted what it is
   */
  public static void lifted(Console console, String address, Fingerprint lifted) {
    try (Database database = open(console, address)) {
      new SqlRevocations(database, console.clock()).remove(lifted);
    }
  }

  /**
   * What ended by a registry, and by a published list if there is one.
   *
   * @param console where relative files start
   * @param address the database's address
   * @param list the list, or null
   * @param now what time it is
   */
  public static Endings endings(
      Console console, String address, @Nullable Revocations list, Instant now) {
    try (Database database = open(console, address)) {
      return Endings.of(new Registry(database, console.clock()), list, now);
    }
  }

  public static Database open(Console console, String address) {
    return Database.openExisting(address, console.directory());
  }

  public static RegistryQuery query(Inputs inputs, FilterInput input) {
    RegistryQuery query =
        RegistryQuery.living()
            .delegator(input.delegator())
            .holder(input.agent())
            .task(input.task());
    if (input.unused()) {
      query = query.neverUsed();
    }
    if (input.unexercised()) {
      query = query.notFullyExercised();
    }
    if (input.expiring() != null) {
      query = query.endsWithin(HumanTime.parseDuration(input.expiring()));
    }
    if (input.orphaned() != null) {
      query = query.grantedBy(names(inputs, input.orphaned()));
    }
    if (input.deeper() != null) {
      if (input.deeper() < 0) {
        throw CliException.usage("--deeper takes a number from 0");
      }
      query = query.deeperThan(input.deeper());
    }
    return query;
  }

  private static List<String> names(Inputs inputs, String file) {
    List<String> names =
        inputs
            .text(Source.ofFile(file), InputKind.NAMES)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (names.isEmpty()) {
      throw CliException.usage("the file of people who left has no name in it: " + file);
    }
    return names;
  }
}
