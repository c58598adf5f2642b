package dev.taper.store.registry;

import dev.taper.revocation.Fingerprint;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What revoking several things at once would end, and what the same agents would still hold.
 * Immutable and thread-safe.
 *
 * @param isKnown false if the registry knows no delegation at all, and so cannot tell
 * @param ending how many living delegations end, by the name of their holder
 * @param staying how many stay, by the name of their holder; only holders that lose one
 */
public record RevocationImpact(
    boolean isKnown, SortedMap<String, Long> ending, SortedMap<String, Long> staying) {
  /** Copies the maps. */
  public RevocationImpact {
    ending = Collections.unmodifiableSortedMap(new TreeMap<>(ending));
    staying = Collections.unmodifiableSortedMap(new TreeMap<>(staying));
  }

  /** How many living delegations end. */
  public long ended() {
    return ending.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Reads all living delegations once, whatever the number of things. */
  static RevocationImpact of(Connection connection, Instant now, Collection<Fingerprint> revoked)
      throws SQLException {
    Search search = new Search(connection, now);
    Set<Fingerprint> all = Set.copyOf(revoked);
    Set<String> ended = search.endedBy(standsOn -> !Collections.disjoint(all, standsOn));
    SortedMap<String, Long> ending = new TreeMap<>();
    SortedMap<String, Long> staying = new TreeMap<>();
    String sql = Search.DEAD + "SELECT d.id, d.holder FROM delegation d WHERE " + Search.LIVING;
    List<Object> values = new ArrayList<>(search.dead());
    values.add(search.present());
    Sql.each(
        connection,
        sql,
        row -> {
          Map<String, Long> counted = ended.contains(row.getString("id")) ? ending : staying;
          counted.merge(holderName(row.getString("holder")), 1L, Long::sum);
        },
        values.toArray());
    staying.keySet().retainAll(ending.keySet());
    return new RevocationImpact(isKnown(connection), ending, staying);
  }

  private static String holderName(@Nullable String holder) {
    return holder == null ? Delegated.BEARER : holder;
  }

  private static boolean isKnown(Connection connection) throws SQLException {
    return Sql.first(connection, "SELECT 1 FROM delegation LIMIT 1", row -> true).isPresent();
  }
}
